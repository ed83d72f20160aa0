import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { REPO_ROOT } from "../base/repo-paths.ts";
import { runTool } from "../base/process.ts";
import type { HostImage } from "../image/host-image.ts";
import { Scratch } from "../image/scratch.ts";
import { accelProfile, type AccelProfile } from "../machine/cpu-profile.ts";
import { qemuVersion } from "../machine/qemu-version.ts";
import { BOX_GIB, buildBoxDisk } from "./box-disk.ts";
import { boxVagrantfile } from "./box-vagrantfile.ts";

const QEMU = "qemu-system-x86_64";
/** Whose private half comes with Vagrant, which replaces it at the first `vagrant up`. */
const WELL_KNOWN_KEY = join(REPO_ROOT, "images/box/vagrant.pub");

export interface BoxRequest {
  image: HostImage;
  /** How Xen is run where QEMU emulates, for all that is in the box. */
  emulated: AccelProfile;
  /** The image boots as the distribution has it, with its own initramfs. */
  untuned?: boolean;
  /** File with the public keys that may log in as root; Vagrant's well-known one unless told. */
  keyFile?: string;
  /** Directory for what is gone afterwards. */
  scratch: string;
  output: string;
  signal?: AbortSignal;
  phase(name: string): (detail?: string) => void;
}

/** What Xen needs of an emulating QEMU like the one that is here. */
export async function emulatedProfile(untuned = false): Promise<AccelProfile> {
  return accelProfile("tcg", await qemuVersion(QEMU), { speed: !untuned });
}

/** A Vagrant box for the provider libvirt; appears whole or not at all. */
export async function buildBox(request: BoxRequest): Promise<void> {
  const { image, emulated, untuned = false, keyFile, output, signal } = request;
  const abortable = { ...(signal && { signal }) };
  await using temporary = await Scratch.create(request.scratch, "box");
  const directory = temporary.path;
  const disk = request.phase("box disk");
  await buildBoxDisk({
    ...{ image, untuned },
    profile: emulated,
    authorizedKeys: await readFile(keyFile ?? WELL_KNOWN_KEY, "utf8"),
    scratch: directory,
    output: join(directory, "box.img"),
    ...abortable,
  });
  disk();
  const metadata = { provider: "libvirt", format: "qcow2", virtual_size: BOX_GIB };
  await writeFile(join(directory, "metadata.json"), `${JSON.stringify(metadata)}\n`);
  const settings = { spec: image.spec, emulated, ownKey: keyFile !== undefined };
  await writeFile(join(directory, "Vagrantfile"), boxVagrantfile(settings));
  const packed = request.phase("box");
  const partial = `${output}.partial`;
  try {
    const parts = ["metadata.json", "Vagrantfile", "box.img"];
    await runTool(["tar", "--create", `--file=${partial}`, ...parts], {
      cwd: directory,
      timeoutMs: 300_000,
      ...abortable,
    });
    await rename(partial, output);
  } finally {
    await rm(partial, { force: true });
  }
  packed();
}
