import { rm } from "node:fs/promises";
import { join } from "node:path";
import { SshTransport } from "../channel/ssh-transport.ts";
import { DomZeroCommandFailed } from "../host/errors.ts";
import { VagrantBackend } from "../run/vagrant-backend.ts";
import type { Figures } from "./figures.ts";
import { bootOf, type BootKind } from "./measure-boots.ts";
import type { BenchSession } from "./session.ts";

const ASK = ["virsh", "--connect", "xen:///system", "version"];

/**
 * `vagrant up` of the host's box to libvirt's answer. Untuned it is what a user has without us: a
 * box with the distribution's own boot; ours is lean.
 */
export async function measureVagrant(
  session: BenchSession,
  figures: Figures,
  kind: BootKind,
): Promise<void> {
  const { request, bus, store, workspace } = session;
  const { spec, cache, signal } = request;
  const { image, runtime } = await bootOf(session, kind);
  const { timeFactor, profile } = runtime;
  const backend = new VagrantBackend({
    ...{ cache, timeFactor, bus, signal, store, workspace, runPath: workspace.path },
    profile,
    mayShare: async () => true,
    kitImage: async () => image,
    image: async () => image,
    untuned: kind === "untuned",
  });
  try {
    // Made once by whoever has it: the box, its daemon and what Vagrant has of its own.
    const machine = await backend.machine(spec);
    const started = performance.now();
    const target = await backend.up(machine);
    const ssh = await SshTransport.connect(target, { signal });
    const { exitCode, stderr } = await ssh.exec(ASK, { signal });
    const took = performance.now() - started;
    await ssh.close();
    if (exitCode !== 0) throw new DomZeroCommandFailed(ASK.join(" "), exitCode, stderr);
    figures.add(kind === "lean" ? "vagrant_lean_virsh" : "vagrant_virsh", took);
  } finally {
    await backend.close();
    // Its boxes and disks: the next repetition begins as this one did.
    await rm(join(workspace.path, `vagrant-${spec.name}`), { recursive: true, force: true });
  }
}
