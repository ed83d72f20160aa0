import { spawn } from "node:child_process";
import { once } from "node:events";
import { shq } from "../channel/shell-quote.ts";
import type { SshAccess } from "../host/ssh-access.ts";

/** A prompt in a host, or a command there; the terminal belongs to ssh until it ends. */
export async function interactiveSsh(
  { argv: [program = "", ...words] }: SshAccess,
  command: readonly string[] = [],
): Promise<number> {
  const tty = command.length === 0 ? ["-t"] : [];
  const remote = command.length === 0 ? [] : [shq(command)];
  const ssh = spawn(program, [...tty, ...words, ...remote], { stdio: "inherit" });
  const [code] = (await once(ssh, "exit")) as [number | null];
  return code ?? 130;
}
