import { runTool } from "../base/process.ts";
import { QemuVersionUnknown } from "./errors.ts";

/** `major.minor.micro` of a QEMU binary. */
export async function qemuVersion(binary: string): Promise<string> {
  const { stdout } = await runTool([binary, "--version"], { timeoutMs: 30_000 });
  const version = parseQemuVersion(stdout);
  if (version === undefined) throw new QemuVersionUnknown(binary, stdout.slice(0, 200));
  return version;
}

/** Reads `QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7+deb12u18)`. */
export function parseQemuVersion(text: string): string | undefined {
  return /\bQEMU emulator version (\d+\.\d+\.\d+)\b/.exec(text)?.[1];
}

/** Compares plain dotted numbers, as QEMU has them; a missing part is 0. */
export function compareVersions(a: string, b: string): number {
  const left = a.split(".").map(Number);
  const right = b.split(".").map(Number);
  for (let part = 0; part < Math.max(left.length, right.length); part++) {
    const difference = (left[part] ?? 0) - (right[part] ?? 0);
    if (difference !== 0) return Math.sign(difference);
  }
  return 0;
}
