/** Costs a PV and an HVM guest, two to four minutes under emulation. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { XmlDocument, XsdValidator } from "libxml2-wasm";
import { readEvents } from "../../harness/events/reader.ts";
import { reduce } from "../../harness/events/reduce.ts";
import { ROOT } from "../cli/run-xenloop.ts";
import { LiveRun } from "./live-run.ts";

t.setTimeout(0);

t.test("the main job: a PV and an HVM guest on a nested host, and JUnit of it", async (t) => {
  const run = new LiveRun(t, []);
  const code = await run.exited;
  if (code !== 0) t.comment(run.lines.join("\n"));
  t.equal(code, 0);

  const junit = readFileSync(join(run.out, "latest/junit.xml"));
  const schema = XmlDocument.fromBuffer(readFileSync(join(ROOT, "test/reports/junit.xsd")));
  const validator = XsdValidator.fromDoc(schema);
  const document = XmlDocument.fromBuffer(junit);
  t.doesNotThrow(() => validator.validate(document), "it is valid JUnit");
  t.match(junit.toString(), /tests="2" failures="0"/);
  document.dispose();
  validator.dispose();
  schema.dispose();

  for (const [scenario, type] of [
    ["pv-boot", "PV"],
    ["hvm-boot", "HVM"],
  ] as const) {
    const { facts, attempts } = run.cell(scenario);
    t.equal(facts.guest_type, type, "the guest itself says what it is");
    t.match(facts.xen_version, /^4\.17\./, "with Xen's patch level");
    t.equal(facts.libvirt_version, "9.0.0");
    t.equal(facts.guest_kernel, facts.dom0_kernel, "guest and dom0 run one kernel");
    const evidence = attempts.flatMap((attempt) => attempt.evidence);
    t.ok(evidence.some(({ kind }) => kind === "guest-console"));
    const missing = evidence.filter(({ path }) => !existsSync(join(run.out, "latest", path)));
    t.same(missing, [], "all evidence that is listed is there");
  }
  const { events } = readEvents(join(run.out, "latest/events.jsonl"));
  t.same(JSON.parse(JSON.stringify(reduce(events))), run.result(), "the result is the events'");
  t.same(await run.machines(), []);
});

t.test("a run that finds everything made builds nothing, and says so", async (t) => {
  const run = new LiveRun(t, [join(ROOT, "test/fixtures/scenarios/body-skips.ts")]);
  await run.exited;
  t.ok(run.lines.some((line) => /image:debian-12 ready.*nothing built/.test(line)));
  t.ok(run.lines.some((line) => /template:debian-12 ready.*nothing booted/.test(line)));
});
