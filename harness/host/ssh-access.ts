import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import { runTool } from "../base/process.ts";
import { quoteArgv } from "../base/process-errors.ts";
import { sshOptions, type SshTarget } from "../channel/ssh-transport.ts";
import { addSshForward } from "../machine/ssh-forward.ts";
import type { RunningMachine } from "../machine/machine.ts";
import type { BootedHost } from "./booted-host.ts";

export interface SshAccess {
  target: SshTarget;
  argv: string[];
  /** The same as a line to paste. */
  command: string;
}

/** Opens a host for people: its sshd is started and a port on 127.0.0.1 leads to it. */
export async function openSsh(
  running: { host: BootedHost; machine: Pick<RunningMachine, "qmp"> },
  keyDirectory: string,
): Promise<SshAccess> {
  const key = await ownKey(keyDirectory);
  const script =
    "mkdir -p -m 700 /root/.ssh && cat > /root/.ssh/authorized_keys && systemctl start ssh.socket";
  const [, port] = await Promise.all([
    running.host.run(["sh", "-c", script], { input: key.publicKey }),
    addSshForward(running.machine.qmp, "net0"),
  ]);
  return accessTo({ port, identityFile: key.path });
}

/** The way in to a host whose ssh is open already. */
export function accessTo(target: SshTarget): SshAccess {
  const argv = ["ssh", ...sshOptions(target), target.host ?? "127.0.0.1"];
  return { target, argv, command: quoteArgv(argv) };
}

/** A key pair of this cache, made when first needed. */
export async function ownKey(directory: string): Promise<{ path: string; publicKey: string }> {
  const path = join(directory, "id_ed25519");
  const there = await access(path).then(
    () => true,
    () => false,
  );
  if (!there) {
    await runTool(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "xenloop", "-f", path], {
      timeoutMs: 30_000,
    });
  }
  return { path, publicKey: await readFile(`${path}.pub`, "utf8") };
}
