import { join } from "node:path";
import t from "tap";
import { moduleClosure } from "../../harness/image/kernel-modules.ts";

const DEPENDENCIES = `kernel/fs/ext4/ext4.ko.xz: kernel/lib/crc16.ko.xz kernel/fs/mbcache.ko.xz kernel/fs/jbd2/jbd2.ko.xz
kernel/lib/crc16.ko.xz:
kernel/fs/mbcache.ko.xz:
kernel/fs/jbd2/jbd2.ko.xz:
kernel/drivers/char/hw_random/virtio-rng.ko: kernel/drivers/char/rng-core.ko
kernel/drivers/char/rng-core.ko:
kernel/drivers/net/virtio_net.ko.zst: kernel/net/net_failover.ko.zst kernel/net/failover.ko.zst
kernel/net/net_failover.ko.zst: kernel/net/failover.ko.zst
kernel/net/failover.ko.zst:
`;

t.test("modules with what they need, in the order to load them", async (t) => {
  const directory = t.testdir({
    "modules.dep": DEPENDENCIES,
    "modules.builtin": "kernel/drivers/virtio/virtio_pci.ko\nkernel/fs/binfmt_script.ko\n",
  });
  const closure = (...names: string[]) => moduleClosure(directory, names);
  t.same(await closure("virtio_net"), [
    "kernel/net/failover.ko.zst",
    "kernel/net/net_failover.ko.zst",
    "kernel/drivers/net/virtio_net.ko.zst",
  ]);
  t.same((await closure("ext4")).at(-1), "kernel/fs/ext4/ext4.ko.xz");
  t.same(
    await closure("virtio_rng", "rng-core"),
    ["kernel/drivers/char/rng-core.ko", "kernel/drivers/char/hw_random/virtio-rng.ko"],
    "dash and underscore are the same, and nothing is listed twice",
  );
  t.same(await closure("virtio-pci"), [], "built in");
  t.same(await closure("floppy?"), [], "wanted only where there is one");
  await t.rejects(closure("floppy"), { code: "IMAGE_BUILD_FAILED", message: /no module floppy/ });
});

t.test("a directory that is none", async (t) => {
  await t.rejects(moduleClosure(join(t.testdir(), "6.1"), ["ext4"]), { code: "ENOENT" });
});
