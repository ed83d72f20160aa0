import { spawn } from "node:child_process";
import { once } from "node:events";
import { shq } from "../channel/shell-quote.ts";
import type { SshAccess } from "../host/ssh-access.ts";

/**
 * A prompt in a host, or a command there; the terminal belongs to ssh until it ends.
 *
 * An interruption that only this program got ends ssh, which gives the terminal back as it was.
 */
export async function interactiveSsh(
  { target, argv: [program = "", ...words] }: SshAccess,
  { command = [], signal }: { command?: readonly string[]; signal: AbortSignal },
): Promise<number> {
  signal.throwIfAborted();
  const tty = command.length === 0 ? ["-t"] : [];
  // As in a run, everything is root's.
  const isRoots = target.sudo !== true;
  const login = isRoots ? [] : ["sudo -n -i"];
  const asked = shq(isRoots ? command : ["sudo", "-n", "--", ...command]);
  const remote = command.length === 0 ? login : [asked];
  const ssh = spawn(program, [...tty, ...words, ...remote], { stdio: "inherit" });
  const stop = () => ssh.kill();
  signal.addEventListener("abort", stop);
  try {
    const [code] = (await once(ssh, "exit")) as [number | null];
    return code ?? 130;
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
