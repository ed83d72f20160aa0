/** Costs a clone, one that fails, and the boot in its place: more than a minute under emulation. */
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { describeFile, readManifest, writeManifest } from "../../harness/image/manifest.ts";
import { Store } from "../../harness/image/store.ts";
import { ROOT } from "../cli/run-xenloop.ts";
import { linkedCache, removeCache, SHARED_CACHE } from "./image-cache.ts";
import { LiveRun } from "./live-run.ts";

t.setTimeout(0);

const SKIPS = [join(ROOT, "test/fixtures/scenarios/body-skips.ts"), "--host", "debian-12"];
const ALL_SKIPPED = 4;

/** The template that the last run on the host used, and its image. */
async function newestTemplate(): Promise<{ template: string; image: string }> {
  const listed = await new Store(join(SHARED_CACHE, "store")).list();
  const newest = listed.find(({ kind, host }) => kind === "template" && host === "debian-12");
  if (!newest) throw new Error("the run before has left a template");
  const { image } = newest.inputs as { image: string };
  return { template: `store/template/${newest.key}`, image: `store/host/${image}` };
}

/** Cuts the saved state in two, and has the manifest agree. */
async function damageState(directory: string): Promise<void> {
  const state = join(directory, "state");
  const bytes = await readFile(state);
  // A file of its own: the one here is a link to the shared cache's.
  await writeFile(`${state}.half`, bytes.subarray(0, bytes.length >> 1));
  await rename(`${state}.half`, state);
  const manifest = await readManifest(directory);
  if (!manifest) throw new Error("a template has a manifest");
  manifest.files["state"] = await describeFile(state);
  await writeManifest(directory, manifest);
}

t.test("a template that does not load costs a boot, which the result tells", async (t) => {
  t.equal(await new LiveRun(t, SKIPS).exited, ALL_SKIPPED, "there is a template");
  const { template, image } = await newestTemplate();
  const cache = await linkedCache([image, template]);
  t.teardown(() => removeCache(cache));
  await damageState(join(cache, template));

  const run = new LiveRun(t, SKIPS, { XENLOOP_CACHE: cache });
  t.equal(await run.exited, ALL_SKIPPED, run.lines.slice(-20).join("\n"));
  const { preparations, warnings } = run.result();
  const made = preparations.filter(({ phase }) => phase === "boot" || phase === "freeze");
  t.same(made, [], "the store takes the template for whole");
  const cell = run.cell("body-skips");
  t.match(cell.facts, { host_started: "cold", clone_fallback: /\S/ });
  t.match(warnings.join("\n"), /the clone is thrown away, a host is booted instead: \S/);
  t.match(warnings.join("\n"), /; the template's checksums are right; the next run makes it anew/);
  const entries = await new Store(join(cache, "store")).list();
  const given = entries.find(({ kind }) => kind === "template")?.damage;
  t.match(given, /is given up: \S/, "no later run takes it");
  const kept = cell.attempts[0]?.evidence.map(({ kind }) => kind) ?? [];
  for (const kind of ["serial", "qemu-command", "clone-qemu-command"]) {
    t.ok(kept.includes(kind), `${kind} is kept`);
  }
  const log = cell.attempts[0]?.evidence.find(({ kind }) => kind === "clone-qemu-log");
  t.match(log?.path, /\/clone\/qemu\.log$/, "with what QEMU said of the state");
});
