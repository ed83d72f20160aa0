import { knownIssue } from "../../harness/scenario/index.ts";

const sparse = "/var/tmp/k77.raw";
const image = "/var/tmp/k77.qcow2";
const copy = "/var/tmp/k77.copy";

/** One block amid holes, in an image that is converted before the kernel has written it back. */
const CONVERT = `set -e
rm -f "$@"
truncate --size 1M "$1"
printf 'just written' | dd of="$1" bs=4096 seek=64 conv=notrunc status=none
qemu-img convert -f raw -O qcow2 "$1" "$2"
qemu-img convert -f qcow2 -O raw "$2" "$3"
if cmp --quiet "$1" "$3"; then echo same; else echo differ; fi
`;

export default knownIssue({
  id: "K77",
  title: "an image converted right after it was written loses what was written",
  symptom:
    "lseek(SEEK_DATA) of Linux 7.2 does not see what ext4 has not written back yet, and qemu-img takes it for a hole: guests find zeros, boot loaders no file system",
  affected: { kernel: [">=7.2"] },
  fix: "write the file back before it is read by its holes: sync FILE",
  source: "https://man7.org/linux/man-pages/man2/lseek.2.html",
  fingerprint: [
    {
      in: "reason",
      text: /"an image just written is converted whole" does not hold: found "differ"/,
    },
  ],
  reproducer: {
    does: "writes a block into a sparse file of dom0, has qemu-img convert it there and back, and compares",
    predicted: {
      "debian-11": "absent",
      "debian-12": "absent",
      "debian-13": "absent",
      "debian-sid": "happens",
    },
    deadline: 120,
    body: async (t, { host, step }) => {
      const argv = ["sh", "-c", CONVERT, "sh", sparse, image, copy];
      const { stdout } = await step("convert", () => host.run(argv));
      t.equal(stdout.trim(), "same", "an image just written is converted whole");
    },
  },
});
