import { Readable } from "node:stream";
import { answer, knownIssue, xlCreate } from "../../harness/scenario/index.ts";

const kernel = "/var/tmp/k29.elf";

/** What a 32-bit PV kernel says of itself, and no code: it is never run. */
function kernel32(): Buffer {
  const [base, address] = [0xc0000000, 0xc0100000];
  const word = (...values: number[]): Buffer => Buffer.from(Uint32Array.from(values).buffer);
  const note = (type: number, value: Buffer): Buffer =>
    Buffer.concat([
      ...[word(4, value.length, type), Buffer.from("Xen\0"), value],
      Buffer.alloc(-value.length & 3),
    ]);
  // Entry, hypercall page, virtual base; Xen's version, guest, loader and PAE as text.
  const numbers = [address, address, base].map((value, index) => note(index + 1, word(value)));
  const texts = Object.entries({ 5: "xen-3.0", 6: "linux", 8: "generic", 9: "yes" });
  const notes = Buffer.concat([
    ...numbers,
    ...texts.map(([type, text]) => note(Number(type), Buffer.from(`${text}\0`))),
  ]);
  const [HEADER, SEGMENT, FILE] = [52, 32, 4096];
  const at = HEADER + 2 * SEGMENT;
  const file = Buffer.alloc(FILE);
  Buffer.concat([
    Buffer.from([0x7f, 0x45, 0x4c, 0x46, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 3, 0]),
    word(1, address, HEADER, 0, 0),
    Buffer.from(Uint16Array.from([HEADER, SEGMENT, 2, 0, 0, 0]).buffer),
    // What is loaded, with a page of zeros behind it, and the notes in it.
    word(1, 0, address, address - base, FILE, 2 * FILE, 7, FILE),
    word(4, at, address + at, address - base + at, notes.length, notes.length, 4, 4),
    notes,
  ]).copy(file);
  return file;
}

export default knownIssue({
  id: "K29",
  title: "a 32-bit PV guest does not start",
  symptom: "guest type xen-3.0-x86_32p not supported by xen kernel, sorry",
  affected: { xen: [">=4.16"] },
  fix: "none, by design: use a 64-bit kernel, or pvshim",
  source: "https://xenbits.xen.org/docs/4.16-testing/misc/xen-command-line.html",
  fingerprint: [{ in: "reason", text: /xen-3\.0-x86_32p not supported by xen kernel/ }],
  reproducer: {
    does: "creates a PV guest whose kernel says that it is a 32-bit one, by xl create",
    predicted: {
      "debian-11": "absent",
      "debian-12": "happens",
      "debian-13": "happens",
      "debian-sid": "happens",
    },
    deadline: 120,
    body: async (t, { host, step }) => {
      await host.upload(Readable.from([kernel32()]), kernel);
      const lines = ['type="pv"', "memory=64", `kernel="${kernel}"`];
      const created = await step("create", () => xlCreate(t, host, "k29", lines));
      // The kernel has no code, so that no more than its type is asked for.
      t.notMatch(answer(created), /not supported by xen kernel/, "Xen takes a 32-bit PV kernel");
    },
  },
});
