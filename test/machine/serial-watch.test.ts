import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import type { MachineFatal } from "../../harness/machine/serial-patterns.ts";
import { watchSerial } from "../../harness/machine/serial-watch.ts";

t.test("lines come as they are written, cleaned", async (t) => {
  const path = join(t.testdir(), "serial.log");
  let next: (line: string) => void = () => undefined;
  const line = () => new Promise<string>((resolve) => (next = resolve));
  const watch = watchSerial(path, { onLine: (text) => next(text) });
  t.teardown(() => watch.close());

  let awaited = line();
  appendFileSync(path, "\u001b[0;1;31mred\u001b[0m and\ttabbed\u0000\r\n");
  t.equal(await awaited, "red and\ttabbed");
  awaited = line();
  appendFileSync(path, "half a");
  appendFileSync(path, " line\n");
  t.equal(await awaited, "half a line");
});

t.test("the last lines hold the prompt", async (t) => {
  const path = join(t.testdir(), "serial.log");
  const watch = watchSerial(path, {});
  t.same(watch.lastLines(3), []);
  writeFileSync(path, "a\nb\nlogin: ");
  watch.flush();
  t.same(watch.lastLines(2), ["b", "login: "]);
  t.same(watch.lastLines(9), ["a", "b", "login: "]);
  watch.close();
  watch.close();
});

t.test("a character cut in two is one, and long output is no matter", async (t) => {
  const path = join(t.testdir(), "serial.log");
  const lines: string[] = [];
  const watch = watchSerial(path, { onLine: (line) => lines.push(line) });
  const bytes = Buffer.from("ü\n");
  appendFileSync(path, bytes.subarray(0, 1));
  watch.flush();
  appendFileSync(path, bytes.subarray(1));
  appendFileSync(path, `${"x".repeat(150_000)}\n`);
  watch.close();
  t.same(
    lines.map((line) => line.length),
    [1, 150_000],
  );
  t.equal(lines[0], "ü");
});

t.test("a truncated file is read from its start", async (t) => {
  const path = join(t.testdir({ log: "" }), "log");
  const lines: string[] = [];
  const watch = watchSerial(path, { onLine: (line) => lines.push(line) });
  appendFileSync(path, "the first machine\nand more");
  watch.flush();
  writeFileSync(path, "second\n");
  watch.close();
  t.same(lines, ["the first machine", "second"]);
});

t.test("a panic is told once, when its reason is there or the console ends", async (t) => {
  const path = join(t.testdir(), "serial.log");
  const fatal: MachineFatal[] = [];
  const watch = watchSerial(path, { onFatal: (found) => fatal.push(found) });
  appendFileSync(path, "(XEN) Panic on CPU 0:\r\n");
  watch.flush();
  t.equal(fatal.length, 0);
  watch.close();
  t.match(fatal, [{ layer: "xen", sentence: "Xen panics on CPU 0" }]);
  t.equal(fatal.length, 1);
});
