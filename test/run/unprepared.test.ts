import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { TemplateUnusable } from "../../harness/host/errors.ts";
import { EventBus } from "../../harness/events/bus.ts";
import type { RunEvent } from "../../harness/events/schema.ts";
import { templateLogs } from "../../harness/run/prepare.ts";
import { endUnprepared } from "../../harness/run/unprepared.ts";
import { planned } from "../events/fixtures/streams.ts";

t.test("a cell whose host did not boot shows the console of that boot", async (t) => {
  const runPath = t.testdir();
  const logs = templateLogs(runPath, "debian-12");
  mkdirSync(logs, { recursive: true });
  const lines = Array.from({ length: 30 }, (_, line) => `(XEN) line ${line}`);
  writeFileSync(join(logs, "serial.log"), `${lines.join("\r\n")}\r\n`);
  writeFileSync(join(logs, "journal.txt"), "libvirtd[1]: no\n");
  writeFileSync(join(logs, "qemu.log"), "");
  const bus = new EventBus();
  const seen: RunEvent[] = [];
  bus.subscribe((event) => seen.push(event));
  const cell = planned("pv-boot", "debian-12");
  const error = new TemplateUnusable("debian-12", "libvirtd is not held");
  await endUnprepared(cell, cell.host, error, { bus, runPath });

  t.match(seen, [
    { type: "cell-started" },
    { type: "evidence", item: { kind: "journal" } },
    { type: "evidence", item: { kind: "boot-serial" } },
    { type: "cell-ended", status: "error", code: "TEMPLATE_UNUSABLE", reason: error.message },
  ]);
  const ended = seen.at(-1) as RunEvent & { excerpt: string[] };
  t.strictSame(ended.excerpt, lines.slice(-20));
  const kept = seen.flatMap((event) => (event.type === "evidence" ? [event.item] : []));
  for (const { path, bytes } of kept) {
    t.match(path, /^cells\/pv-boot_debian-12\/attempt-1\//);
    t.equal(readFileSync(join(runPath, path)).length, bytes);
  }
});

t.test("a panic on that console is what broke the cell", async (t) => {
  const runPath = t.testdir();
  const logs = templateLogs(runPath, "debian-12");
  mkdirSync(logs, { recursive: true });
  const text = "(XEN) Panic on CPU 0:\r\n(XEN) Domain 0 allocation is too small\r\n";
  writeFileSync(join(logs, "serial.log"), text);
  const bus = new EventBus();
  const seen: RunEvent[] = [];
  bus.subscribe((event) => seen.push(event));
  const cell = planned("pv-boot", "debian-12");
  await endUnprepared(cell, cell.host, new Error("no"), { bus, runPath });
  const diagnosis = "Xen: it panics on CPU 0: Domain 0 allocation is too small";
  t.match(seen.at(-1), { type: "cell-ended", reason: "harness: no", diagnosis });
});

t.test("a cell whose image could not be built has no console to show", async (t) => {
  const runPath = t.testdir();
  const bus = new EventBus();
  const seen: RunEvent[] = [];
  bus.subscribe((event) => seen.push(event));
  const cell = planned("pv-boot", "debian-12");
  await endUnprepared(cell, cell.host, new Error("no"), { bus, runPath });
  t.match(seen, [
    { type: "cell-started" },
    { type: "cell-ended", code: "HARNESS", reason: "harness: no" },
  ]);
  t.notOk("excerpt" in seen[1]!);
});
