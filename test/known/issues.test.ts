import { readFile } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { loadHosts } from "../../harness/config/host-registry.ts";
import { knownIssuesDocument } from "../../harness/known/docs.ts";
import { OBSERVATIONS, readObservations } from "../../harness/known/observations.ts";
import { matching } from "../../harness/known/match.ts";
import { normalise } from "../../harness/known/normalise.ts";
import { loadKnownIssues } from "../../harness/known/registry.ts";
import { traces } from "./make.ts";

const files = await loadKnownIssues();
const hosts = await loadHosts({
  directory: join(import.meta.dirname, "../../images/hosts"),
  config: { path: undefined, values: {}, where: String },
});
const observed = await readObservations(OBSERVATIONS);

t.test("docs/known-issues.md is what the files and the observations say", async (t) => {
  const path = join(import.meta.dirname, "../../docs/known-issues.md");
  const issues = files.map(({ issue }) => issue);
  const wanted = knownIssuesDocument(issues, observed);
  t.equal(await readFile(path, "utf8"), wanted, "run: npx tsx scripts/generate-known-issues.ts");
});

t.test("observations are of these issues, these predictions and these hosts", async (t) => {
  for (const [id, byHost] of Object.entries(observed)) {
    const reproducer = files.find(({ issue }) => issue.id === id)?.issue.reproducer;
    t.ok(reproducer, `${id} has a reproducer`);
    for (const [host, { predicted, xen, libvirt }] of Object.entries(byHost)) {
      const again = `./xenloop repro ${id} --host ${host}, then ./xenloop known record runs/latest`;
      t.equal(predicted, reproducer?.predicted[host] ?? "nothing", `${id}, ${host}: ${again}`);
      const { expect } = hosts.get(host);
      if (xen !== "") t.ok(xen.startsWith(expect.xen), `${id}, ${host}: Xen ${xen}: ${again}`);
      if (libvirt !== "") t.ok(libvirt.startsWith(expect.libvirt), `${id}, ${host}: ${libvirt}`);
    }
  }
});

t.test("predictions and corrections name hosts that exist", async (t) => {
  const names = new Set(hosts.all().map(({ name }) => name));
  for (const { issue } of files) {
    const { predicted = {}, corrected = {} } = issue.reproducer ?? {};
    for (const host of [...Object.keys(predicted), ...Object.keys(corrected)]) {
      t.ok(names.has(host), `${issue.id}: ${host}`);
    }
    if (Object.keys(corrected).length > 0) t.ok(issue.reproducer?.correction, `${issue.id}: why`);
  }
});

t.test("no fingerprint asks for what is taken out of the text it reads", async (t) => {
  for (const { issue } of files) {
    for (const { text } of issue.fingerprint) {
      t.equal(normalise(text.source), text.source, `${issue.id}: ${text.source}`);
    }
  }
});

t.test("a refusal that a scenario provoked does not excuse what fails afterwards", async (t) => {
  const log = "libxl__device_disk_set_backend: no suitable backend for disk xvda";
  const evidence = async (kind: string): Promise<string> => (kind === "libxl" ? log : "");
  const found = async (reason: string) => {
    const ids: string[] = [];
    const issues = files.map(({ issue }) => issue);
    for await (const { id } of matching(issues, traces({ reason, evidence }))) ids.push(id);
    return ids;
  };
  const refused = "internal error: libxenlight failed to create new domain 'guest'";
  t.strictSame(await found(refused), ["K07"]);
  t.strictSame(await found("domain 'guest' already exists with uuid"), []);
});
