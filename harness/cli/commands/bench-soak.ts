import { renderSoak } from "../../bench/render.ts";
import { runSoak } from "../../bench/soak.ts";
import { isRight } from "../../bench/soak-report.ts";
import { exitCode } from "../../events/exit-code.ts";
import { benchRequest } from "../bench-request.ts";
import type { CliContext } from "../context.ts";
import type { OptionsOf } from "../table.ts";
import type spec from "./bench.command.ts";

export async function run(
  ctx: CliContext,
  options: OptionsOf<(typeof spec)["subcommands"][0]>,
): Promise<number> {
  const { request, bus } = await benchRequest(ctx, options);
  let done = 0;
  const report = await runSoak(
    {
      ...request,
      clones: options.count,
      parallel: options.parallel,
      onClone: (clone, reason) => {
        done += 1;
        if (reason !== undefined) ctx.stderr.write(`clone ${clone}: ${reason}\n`);
        else if (done % 10 === 0) ctx.stderr.write(`${done} of ${options.count} …\n`);
      },
    },
    bus,
  );
  ctx.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : renderSoak(report));
  return exitCode(isRight(report) ? "passed" : "failed");
}
