import type { AccelMode } from "../config/settings.ts";
import { exitCode } from "../events/exit-code.ts";
import { hostMachine, TEMPLATE_MAC } from "../host/host-machine.ts";
import { machineArgv } from "../machine/command-line.ts";
import { accelProfile, type Accel } from "../machine/cpu-profile.ts";
import { withoutRefused } from "../run/lasting-refusal.ts";
import { quoteArgv } from "../base/process-errors.ts";
import type { HostSpec } from "../spec/host-spec.ts";
import type { CliContext } from "./context.ts";
import type { Choice } from "./selection.ts";
import { columns } from "./terminal.ts";

/** QEMU's newest known behaviour: a dry run asks no program. */
const ASSUMED_QEMU = "99.0.0";

/**
 * Prints cells, images and commands; touches nothing.
 * @param asked accelerator instead of the configured one
 */
export async function dryRun(ctx: CliContext, choice: Choice, asked?: AccelMode): Promise<number> {
  const { values } = await ctx.settings();
  const mode = asked ?? values.accel;
  const accel = mode === "auto" ? "tcg" : mode;
  const rows = choice
    .cells()
    .map((cell) => withoutRefused(cell, [choice.hostNamed(cell.host)], values))
    .map(({ id, title, deadlineSeconds, excluded, passes }) => [
      "",
      id,
      excluded === undefined ? `${deadlineSeconds} s` : "skipped",
      excluded ?? `${title}${passes === undefined ? "" : `, ${passes} times in a row`}`,
    ]);
  ctx.stdout.write(`Cells (deadlines are multiplied by the measured factor)\n${columns(rows)}\n`);
  if (mode === "auto") {
    ctx.stdout.write("Commands as under TCG; `--accel kvm` shows those of KVM\n\n");
  }
  for (const host of choice.hosts) {
    if (host.place) {
      ctx.stdout.write(`Host ${host.name}: ${host.title}\n`);
      continue;
    }
    ctx.stdout.write(
      `Image ${host.name}: ${host.title}, ${host.packages.length} packages asked for\n`,
    );
    ctx.stdout.write(`  ${machineCommand(host, accel)}\n`);
  }
  return exitCode("passed");
}

function machineCommand(spec: HostSpec, accel: Accel): string {
  const machine = hostMachine({
    image: { spec, xen: "/XEN", kernel: "/KERNEL", initrd: "/INITRD" },
    qemu: "qemu-system-x86_64",
    profile: accelProfile(accel, ASSUMED_QEMU),
    disk: "/OVERLAY",
    ram: { kind: "anonymous" },
    mac: TEMPLATE_MAC,
  });
  const paths = {
    ...{ serialLog: "/SERIAL.log", serialSocket: "/SERIAL" },
    ...{ qmpSocket: "/QMP", channelSocket: "/CHANNEL" },
  };
  return quoteArgv(machineArgv({ ...machine, ...paths }));
}
