import t from "tap";
import { fatalEvent, fatalExit } from "../../harness/machine/machine-fatal.ts";

t.test("events that end a machine", async (t) => {
  t.match(fatalEvent({ event: "SHUTDOWN", data: { guest: true, reason: "guest-shutdown" } }), {
    kind: "shutdown",
    sentence: "the machine shuts down (guest-shutdown)",
    line: 'SHUTDOWN {"guest":true,"reason":"guest-shutdown"}',
  });
  t.match(fatalEvent({ event: "GUEST_PANICKED", data: {} }), { kind: "panic" });
  t.match(fatalEvent({ event: "BLOCK_IO_ERROR", data: { nospace: true } }), {
    kind: "stuck",
    sentence: /the file system that holds it is full/,
  });
  t.match(fatalEvent({ event: "BLOCK_IO_ERROR", data: { reason: "Input/output error" } }), {
    sentence: "a disk fails (Input/output error)",
  });
  t.equal(fatalEvent({ event: "NIC_RX_FILTER_CHANGED", data: {} }), undefined);
});

t.test("an exit with its last words", async (t) => {
  t.match(fatalExit({ code: 1, signal: undefined }, ["first", "out of memory"]), {
    kind: "death",
    sentence: "QEMU exits with status 1",
    line: "out of memory",
  });
});
