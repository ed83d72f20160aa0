import { spawn } from "node:child_process";
import { once } from "node:events";
import { shq } from "../channel/shell-quote.ts";
import type { SshAccess } from "../host/ssh-access.ts";

/** A prompt in a host, or a command there; the terminal belongs to ssh until it ends. */
export async function interactiveSsh(
  { target, argv: [program = "", ...words] }: SshAccess,
  command: readonly string[] = [],
): Promise<number> {
  const tty = command.length === 0 ? ["-t"] : [];
  // As in a run, everything is root's.
  const isRoots = target.sudo !== true;
  const login = isRoots ? [] : ["sudo -n -i"];
  const asked = shq(isRoots ? command : ["sudo", "-n", "--", ...command]);
  const remote = command.length === 0 ? login : [asked];
  const ssh = spawn(program, [...tty, ...words, ...remote], { stdio: "inherit" });
  const [code] = (await once(ssh, "exit")) as [number | null];
  return code ?? 130;
}
