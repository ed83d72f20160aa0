import { createHash } from "node:crypto";
import type { Test } from "tap";
import type { DataDisk } from "./data-disk.ts";
import { injectedKey, KEYS, SHADOW, withPassword, type Injection } from "./nova-injection.ts";
import type { ScenarioContext } from "./context.ts";
import type { GuestOptions, ScenarioHost } from "./scenario-host.ts";

/**
 * What a scenario injects. The file takes the place of the one that the boot disk's own
 * configuration has its guest read; the hash is that of a password as Nova's `crypt` makes it, MD5.
 */
export const INJECTION: Injection = {
  file: { path: "/etc/xenloop-guest", content: "a file that Nova injects\n" },
  key: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB0lJq0nq0d2m7mS5gqYwqzVJw0oB9mKq3s2x5w6xloop user@cloud",
  passwordHash: "$1$xenloopx$tJ5CuaDTgpi9Ba0uqQdIY/",
};

const PASSWD = "root:x:0:0:root:/root:/bin/sh\ndaemon:x:1:1:daemon:/usr/sbin:/bin/false\n";
const SHADOW_BEFORE = "root:*:19000:0:99999:7:::\ndaemon:*:19000:0:99999:7:::\n";

/** Root's account goes into a boot disk, its ramdisk out: IMAGE MOUNTPOINT INITRD PASSWD SHADOW. */
const PREPARE = `set -e
loop=$(losetup --find --show --partscan "$1")
trap 'umount "$2" 2>/dev/null; losetup --detach "$loop"' EXIT
mkdir -p "$2"
mount "\${loop}p1" "$2"
cp "$2/boot/initrd" "$3"
printf %s "$4" > "$2/etc/passwd"
printf %s "$5" > "$2/etc/shadow"
`;

/** In dom0: the ramdisk of the boot disk, which can read its file system. */
const INITRD = "/var/tmp/boot-disk-initrd";

/** An image of the reporting guest with root's account as any has it, not injected into yet. */
export function imageToInject(host: ScenarioHost, format: "raw" | "qcow2"): Promise<DataDisk> {
  const rest = ["/var/tmp/boot-disk-root", INITRD, PASSWD, SHADOW_BEFORE];
  const prepare = (raw: string) =>
    host.run(["sh", "-c", PREPARE, "sh", raw, ...rest], { timeoutMs: 120_000 });
  return host.bootDisk({ format, prepare });
}

/** What a guest must read in each file after the injection, by path. */
export const promisedFiles = ({ file, key, passwordHash }: Injection): Record<string, string> => ({
  [file.path]: file.content,
  [KEYS]: injectedKey(key),
  [SHADOW]: withPassword(SHADOW_BEFORE, passwordHash),
});

/**
 * What reads a file of the image: for the one that is injected a guest that boots from the image,
 * whose own configuration names it; for the others one with dom0's kernel, which is told.
 */
function readerOf(path: string): Omit<GuestOptions, "type"> {
  if (path === INJECTION.file.path) return { fromDisk: true, bootloader: "pygrub" };
  return { initrd: INITRD, append: `xenloop.read=xvda1:${path}` };
}

/** Starts a PV guest for each file, and the guest reads what was injected. */
export async function verifyInjected(
  t: Test,
  { host, step, fact }: Pick<ScenarioContext, "host" | "step" | "fact">,
  disk: DataDisk,
): Promise<void> {
  const { path: source, format } = disk;
  const disks = [{ source, format, driver: "qemu", target: "xvda" }] as const;
  for (const [path, content] of Object.entries(promisedFiles(INJECTION))) {
    const guest = await step(`boot for ${path}`, () =>
      host.start({ type: "pv", disks, ...readerOf(path) }),
    );
    const { files, guestType } = await step(`read ${path}`, () => guest.report());
    fact("guest_type", guestType);
    const sha256 = createHash("sha256").update(content).digest("hex");
    t.same(files, [{ path, sha256 }], `the guest reads ${path} as it was injected`);
    await guest.destroy();
  }
}
