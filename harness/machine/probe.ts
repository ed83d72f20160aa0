import { open } from "node:fs/promises";
import { join } from "node:path";
import { messageOf } from "../base/error.ts";
import { ToolFailed, ToolTimeout } from "../base/process-errors.ts";
import { runTool } from "../base/process.ts";
import { parseProbeOutput, PROBE_EXIT_CODE, PROBE_PROGRAM, writeBootDisk } from "./boot-sector.ts";
import type { ProbeOutput } from "./boot-sector.ts";
import { qopt } from "./qopt.ts";
import { createSocketDir } from "./socket-dir.ts";
import type { AccelProfile } from "./cpu-profile.ts";

/**
 * An accelerator that works takes 0.6 s, QEMU's start and the BIOS included; a machine so
 * busy that it needs ten times as long could not boot a host either.
 */
export const PROBE_DEADLINE_MS = 8000;

export type ProbeResult = ({ works: true } & ProbeOutput) | { works: false; reason: string };

/** Runs the boot sector under an accelerator, with the very CPU and machine a host gets. */
export async function runBootSector(
  qemu: string,
  profile: AccelProfile,
  options: { signal?: AbortSignal; deadlineMs?: number } = {},
): Promise<ProbeResult> {
  const { deadlineMs = PROBE_DEADLINE_MS, signal } = options;
  const scratch = await createSocketDir();
  try {
    const disk = join(scratch.path, "sector.img");
    await writeBootDisk(disk, PROBE_PROGRAM);
    const { stdout, stderr } = await runTool(probeArgv(qemu, profile, disk), {
      timeoutMs: deadlineMs,
      acceptExitCodes: [PROBE_EXIT_CODE],
      ...(signal === undefined ? {} : { signal }),
    });
    const output = parseProbeOutput(`${stdout}\n`);
    if (output !== undefined) return { works: true, ...output };
    return { works: false, reason: `the guest's report is incomplete: ${stdout}${stderr}` };
  } catch (error) {
    if (error instanceof ToolTimeout) {
      return {
        works: false,
        reason: `a boot sector does not run to its end in ${deadlineMs / 1000} s`,
      };
    }
    if (error instanceof ToolFailed) {
      const why = error.stderrTail.join(" | ") || messageOf(error);
      return { works: false, reason: `QEMU dies on a boot sector (${why})` };
    }
    throw error;
  } finally {
    await scratch.remove();
  }
}

function probeArgv(qemu: string, profile: AccelProfile, disk: string): string[] {
  return [
    ...[qemu, "-nodefaults", "-no-user-config", "-display", "none"],
    ...["-machine", profile.machine, "-accel", profile.accelerator, "-cpu", profile.cpu],
    ...["-m", "16", "-serial", "stdio", "-device", "isa-debug-exit,iobase=0xf4,iosize=1"],
    ...["-drive", qopt("if=none", { id: "disk0", file: disk, format: "raw", readonly: true })],
    ...["-device", "virtio-blk-pci,drive=disk0,bootindex=0"],
  ];
}

/** Why a device node cannot be opened for reading and writing; undefined when it can. */
export async function whyNotOpenable(path: string): Promise<NodeJS.ErrnoException | undefined> {
  try {
    await (await open(path, "r+")).close();
    return undefined;
  } catch (error) {
    return error as NodeJS.ErrnoException;
  }
}
