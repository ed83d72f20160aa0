import { exitCode } from "../events/exit-code.ts";
import { hostMachine, TEMPLATE_MAC } from "../host/host-machine.ts";
import { machineArgv } from "../machine/command-line.ts";
import { accelProfile } from "../machine/cpu-profile.ts";
import { quoteArgv } from "../base/process-errors.ts";
import type { HostSpec } from "../spec/host-spec.ts";
import type { CliContext } from "./context.ts";
import type { Choice } from "./selection.ts";
import { columns } from "./terminal.ts";

/** QEMU's newest known behaviour: a dry run asks no program. */
const ASSUMED_QEMU = "99.0.0";

/** Prints cells, images and commands; touches nothing. */
export function dryRun(ctx: CliContext, choice: Choice): number {
  const rows = choice
    .cells()
    .map(({ id, title, deadlineSeconds, excluded }) => [
      "",
      id,
      excluded === undefined ? `${deadlineSeconds} s` : "skipped",
      excluded ?? title,
    ]);
  ctx.stdout.write(`Cells (deadlines are multiplied by the measured factor)\n${columns(rows)}\n`);
  for (const host of choice.hosts) {
    ctx.stdout.write(
      `Image ${host.name}: ${host.title}, ${host.packages.length} packages asked for\n`,
    );
    ctx.stdout.write(`  ${machineCommand(host)}\n`);
  }
  return exitCode("passed");
}

function machineCommand(spec: HostSpec): string {
  const machine = hostMachine({
    image: { spec, xen: "/XEN", kernel: "/KERNEL", initrd: "/INITRD" },
    qemu: "qemu-system-x86_64",
    profile: accelProfile("tcg", ASSUMED_QEMU),
    disk: "/OVERLAY",
    ram: { kind: "anonymous" },
    mac: TEMPLATE_MAC,
  });
  const paths = { serialLog: "/SERIAL", qmpSocket: "/QMP", channelSocket: "/CHANNEL" };
  return quoteArgv(machineArgv({ ...machine, ...paths }));
}
