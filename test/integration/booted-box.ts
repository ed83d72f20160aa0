import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Test } from "tap";
import { runTool } from "../../harness/base/process.ts";
import { SshUnavailable } from "../../harness/channel/errors.ts";
import { SshTransport, type SshTarget } from "../../harness/channel/ssh-transport.ts";
import { probeAccel } from "../../harness/machine/accel.ts";
import { accelProfile } from "../../harness/machine/cpu-profile.ts";
import { startMachine } from "../../harness/machine/machine.ts";
import { qemuVersion } from "../../harness/machine/qemu-version.ts";
import { addSshForward } from "../../harness/machine/ssh-forward.ts";

const QEMU = "qemu-system-x86_64";
const BOOT_SECONDS = 240;
const BETWEEN_TRIES_MS = 1000;

export interface BootedBox {
  ssh: SshTransport;
  target: SshTarget;
  timeFactor: number;
}

/** A box's disk in a machine of plain QEMU, reached by ssh as any machine elsewhere would be. */
export async function bootBox(t: Test, disk: string, identityFile: string): Promise<BootedBox> {
  const { accel, timeFactor } = await probeAccel("auto");
  const dir = join(t.testdirName, "machine");
  await mkdir(dir, { recursive: true });
  const overlay = join(dir, "overlay.qcow2");
  await runTool(["qemu-img", "create", "-q", "-f", "qcow2", "-b", disk, "-F", "qcow2", overlay]);
  const machine = await startMachine(
    {
      name: "box",
      qemu: QEMU,
      profile: accelProfile(accel, await qemuVersion(QEMU)),
      memoryMiB: 3072,
      vcpus: 2,
      boot: { kind: "disk" },
      disks: [{ id: "root", path: overlay, format: "qcow2" }],
      nics: [{ id: "net0", mac: "52:54:00:12:34:56", kind: "user" }],
      ram: { kind: "anonymous" },
    },
    { dir },
  );
  t.teardown(() => machine.stop());
  const target = { port: await addSshForward(machine.qmp, "net0"), identityFile };
  const lost = machine.fatal.then(({ sentence }) => {
    throw new Error([sentence, ...machine.serial.lastLines(40)].join("\n"));
  });
  const ssh = await Promise.race([untilReached(target, BOOT_SECONDS * timeFactor), lost]);
  t.teardown(() => ssh.close());
  return { ssh, target, timeFactor };
}

/** QEMU accepts a connection before anybody listens behind it: only asking tells. */
async function untilReached(target: SshTarget, seconds: number): Promise<SshTransport> {
  const until = performance.now() + seconds * 1000;
  for (;;) {
    try {
      return await SshTransport.connect(target);
    } catch (error) {
      if (!(error instanceof SshUnavailable) || performance.now() > until) throw error;
      await delay(BETWEEN_TRIES_MS);
    }
  }
}
