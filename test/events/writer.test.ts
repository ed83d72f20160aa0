import { execa, execaSync } from "execa";
import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import t from "tap";
import { EventBus } from "../../harness/events/bus.ts";
import { EventsUnwritable } from "../../harness/events/errors.ts";
import { parseEvents, readEvents } from "../../harness/events/reader.ts";
import { openEventWriter } from "../../harness/events/writer.ts";
import { MIXED, PASSING } from "./fixtures/streams.ts";

t.test("what is written is read again, torn surrogates and all", async (t) => {
  const path = join(t.testdir(), "events.jsonl");
  const writer = openEventWriter(path);
  for (const event of MIXED) writer.write(event);
  writer.close();
  writer.close();
  t.equal(writer.failure, undefined);
  t.strictSame(readEvents(path), { events: MIXED, torn: false });
});

t.test("every event is in the file as soon as it was emitted", async (t) => {
  const path = join(t.testdir(), "events.jsonl");
  const writer = openEventWriter(path);
  t.teardown(() => writer.close());
  const bus = new EventBus();
  bus.subscribe((event) => writer.write(event));
  bus.emit("warning", { message: "one" });
  t.match(readEvents(path).events, [{ type: "warning", message: "one", seq: 0 }]);
  bus.emit("warning", { message: "two" });
  t.match(readEvents(path).events, [{ seq: 0 }, { seq: 1 }]);
});

t.test("a crash in the middle of a line loses that line only", async (t) => {
  const path = join(t.testdir(), "events.jsonl");
  const writer = openEventWriter(path);
  for (const event of PASSING.slice(0, 3)) writer.write(event);
  writer.close();
  appendFileSync(path, JSON.stringify(PASSING[3]).slice(0, 20));
  t.strictSame(readEvents(path), { events: PASSING.slice(0, 3), torn: true });
});

t.test("a writer that is killed loses nothing that it had written", async (t) => {
  const path = join(t.testdir(), "events.jsonl");
  const program = fileURLToPath(new URL("fixtures/killed-writer.ts", import.meta.url));
  const { signal } = await execa("node", ["--import", "tsx", program, path], { reject: false });
  t.equal(signal, "SIGKILL");
  t.strictSame(readEvents(path), { events: PASSING, torn: false });
});

t.test("a full disk is named once and does not throw", async (t) => {
  const failures: EventsUnwritable[] = [];
  const writer = openEventWriter("/dev/full", (error) => failures.push(error));
  for (const event of PASSING.slice(0, 3)) writer.write(event);
  writer.close();
  t.equal(failures.length, 1);
  t.match(writer.failure, { code: "EVENTS_UNWRITABLE", kind: "infra", message: /disk is full/ });
  t.match(writer.failure?.cause, { code: "ENOSPC" });
});

t.test("an event that fits in part only is taken back, and later ones may fit", async (t) => {
  const path = join(t.testdir(), "events.jsonl");
  const writer = openEventWriter(path);
  t.teardown(() => writer.close());
  const first = `${JSON.stringify(PASSING[0])}\n`;
  const limit = (bytes: string) =>
    execaSync("prlimit", ["--pid", String(process.pid), `--fsize=${bytes}:`]);

  // Beyond the limit a write fails as it does on a full disk: in part, then not at all.
  // All in one turn, for the test's own output may be a file too.
  process.on("SIGXFSZ", () => {});
  limit(String(first.length + 30));
  writer.write(PASSING[0]!);
  writer.write(PASSING[1]!);
  limit("unlimited");

  t.equal(readFileSync(path, "utf8"), first);
  t.match(writer.failure, { cause: { code: "EFBIG" } });
  writer.write(PASSING[2]!);
  t.strictSame(readEvents(path), { events: [PASSING[0], PASSING[2]], torn: false });
});

t.test("a file that cannot be created is refused at once", async (t) => {
  t.throws(() => openEventWriter(join(t.testdir(), "missing", "events.jsonl")), EventsUnwritable);
});

t.test("newlines inside an event do not break its line", async (t) => {
  const path = join(t.testdir(), "events.jsonl");
  const writer = openEventWriter(path);
  const event = { ...PASSING[0]!, runId: "a\nb\u2028c" };
  writer.write(event as (typeof PASSING)[0]);
  writer.close();
  t.strictSame(parseEvents(readFileSync(path, "utf8"), path).events, [event]);
});
