import { styleText } from "node:util";
import { exitCode } from "../../events/exit-code.ts";
import { ImageCorrupt } from "../../image/errors.ts";
import type { CliContext } from "../context.ts";
import { entryWords, namedHosts, openStore, sizeOf } from "../image-store.ts";
import { formatError } from "../report-error.ts";

export async function run(
  ctx: CliContext,
  _options: unknown,
  names: readonly string[],
): Promise<number> {
  const wanted = names.length > 0 ? (await namedHosts(ctx, names)).map(({ name }) => name) : [];
  const store = await openStore(ctx);
  const entries = (await store.list()).filter(
    ({ host }) => wanted.length === 0 || (host !== undefined && wanted.includes(host)),
  );
  let damaged = 0;
  for (const entry of entries) {
    ctx.signal.throwIfAborted();
    const what = `${entryWords(entry).join(" ")} ${sizeOf(entry)}`;
    try {
      await store.verifyFully(entry.kind, entry.key);
      ctx.stdout.write(`${mark(ctx, true)} ${what}\n`);
    } catch (error) {
      if (!(error instanceof ImageCorrupt)) throw error;
      damaged += 1;
      ctx.stdout.write(`${mark(ctx, false)} ${what}\n`);
      ctx.stderr.write(formatError(error, { color: ctx.color, verbose: ctx.verbose }));
    }
  }
  const verdict = damaged === 0 ? "none is damaged" : `${damaged} damaged`;
  ctx.stdout.write(`${entries.length} read, ${verdict}\n`);
  return exitCode(damaged === 0 ? "passed" : "error");
}

function mark({ color }: CliContext, right: boolean): string {
  const text = right ? "✔" : "✖";
  return color ? styleText(right ? "green" : "red", text) : text;
}
