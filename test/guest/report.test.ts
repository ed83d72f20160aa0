import t from "tap";
import fc from "fast-check";
import { ReportReader } from "../../harness/guest/report.ts";

const SUM = "a".repeat(64);
/** As xenconsoled logs it: the tty of the guest ends lines with carriage returns. */
const CONSOLE = [
  "[    0.000000] Linux version 6.1.0-56-amd64",
  "[    4.1] xenXENLOOP report guest_type PV",
  "XENLOOP report hypervisor_uuid 5d8c0d9e-0000-4000-8000-000000000001",
  "XENLOOP report kernel 6.1.0-56-amd64",
  "XENLOOP report cmdline console=hvc0 loglevel=4 panic=-1 xenloop.disks=1",
  "XENLOOP report vcpus 2",
  "XENLOOP report memory_kib 98304",
  "XENLOOP report clocksource xen",
  "XENLOOP report frontend vbd-51712",
  `XENLOOP report disk xvda 2048 ${SUM}`,
  `XENLOOP report wrote xvda ${SUM}`,
  "XENLOOP report nic eth0 00:16:3e:00:00:01",
  `XENLOOP report file /etc/motd ${SUM}`,
  "XENLOOP report systemd degraded",
  "debian-guest login: XENLOOP report failed a.service",
  "XENLOOP report failed b.mount",
  "caf\u00e9 \u2713",
  "XENLOOP ready",
  "XENLOOP tick 0 12.50",
  "XENLOOP echo 0 silent",
  "XENLOOP tick 1 13.52",
  "XENLOOP memory 1 ok",
  "XENLOOP echo 1 ok",
  "XENLOOP tick 2 14.60",
  "XENLOOP memory 2 damaged",
  "",
].join("\r\n");

const REPORT = {
  guestType: "PV",
  kernel: "6.1.0-56-amd64",
  vcpus: 2,
  memoryKiB: 98304,
  clocksource: "xen",
  uuid: "5d8c0d9e-0000-4000-8000-000000000001",
  cmdline: "console=hvc0 loglevel=4 panic=-1 xenloop.disks=1",
  disks: [{ name: "xvda", sectors: 2048, sha256: SUM }],
  nics: [{ name: "eth0", mac: "00:16:3e:00:00:01" }],
  frontends: ["vbd-51712"],
  writes: [{ disk: "xvda", sha256: SUM }],
  files: [{ path: "/etc/motd", sha256: SUM }],
  systemd: "degraded",
  failedUnits: ["a.service", "b.mount"],
};

function read(chunks: readonly (Buffer | string)[]): ReportReader {
  const reader = new ReportReader();
  for (const chunk of chunks) reader.push(chunk);
  return reader;
}

t.test("a guest's report is read wherever its bytes are cut", (t) => {
  const bytes = Buffer.from(CONSOLE);
  const whole = read([bytes]);
  const cuts = fc.array(fc.nat({ max: bytes.length }));
  const property = fc.property(cuts, (points) => {
    const sorted = [0, ...points.sort((a, b) => a - b), bytes.length];
    const reader = read(sorted.slice(1).map((end, i) => bytes.subarray(sorted[i], end)));
    t.strictSame(reader.report(), REPORT);
    t.strictSame(reader.lines, whole.lines);
    t.equal(reader.tick, 2);
    t.same(reader.ticks.at(-1), { value: 2, uptime: 14.6 });
    t.same(reader.memory, { ok: [1], damaged: [2] });
    t.same(reader.echo, { ok: [1], silent: [0] });
  });
  fc.assert(property, { numRuns: 50 });
  t.end();
});

t.test("there is no report before the guest says it is ready", (t) => {
  const reader = read([CONSOLE.slice(0, CONSOLE.indexOf("XENLOOP ready"))]);
  t.equal(reader.report(), undefined);
  t.equal(reader.tick, undefined);
  reader.push("XENLOOP ready");
  t.equal(reader.report(), undefined, "not in the midst of the line");
  reader.push("\n");
  t.strictSame(reader.report(), REPORT);
  t.end();
});

t.test("the first panic counts", (t) => {
  const reader = read([
    "[    3.2] Kernel panic - not syncing: No working init found.  Try passing init= \r\n",
    "[    3.3] Kernel panic - not syncing: another\n",
  ]);
  t.equal(reader.panic, "No working init found.  Try passing init=");
  t.equal(reader.report(), undefined);
  t.end();
});

t.test("bytes of any kind are a console", (t) => {
  const property = fc.property(fc.array(fc.uint8Array()), (chunks) => {
    const reader = read(chunks.map((chunk) => Buffer.from(chunk)));
    const text = Buffer.concat(chunks).toString("latin1");
    return reader.lines.length === text.split("\n").length - 1;
  });
  t.doesNotThrow(() => fc.assert(property));
  t.end();
});

t.test("what the guest has is what it said last", (t) => {
  const reader = read(["XENLOOP now 1 98304 xvda,xvdb eth0 -\n"]);
  const first = { vcpus: 1, memoryKiB: 98304, disks: ["xvda", "xvdb"], nics: ["eth0"], cd: "-" };
  t.strictSame(reader.now, first);
  reader.push(`XENLOOP now 2 65536 sr0 - ${SUM}\n`);
  t.strictSame(reader.now, { vcpus: 2, memoryKiB: 65536, disks: ["sr0"], nics: [], cd: SUM });
  t.end();
});
