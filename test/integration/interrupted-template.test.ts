/** Costs the first seconds of a template's boot, and an image where the cache has none. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { ROOT, xenloop } from "../cli/run-xenloop.ts";
import { linkedCache, removeCache, SHARED_CACHE } from "./image-cache.ts";
import { LiveRun, socketDirectories } from "./live-run.ts";

t.setTimeout(0);

const SKIPS = join(ROOT, "test/fixtures/scenarios/body-skips.ts");

t.before(async () => {
  const { exitCode, stderr } = await xenloop(["image", "build", "debian-12", "--yes"], {
    env: { XENLOOP_CACHE: SHARED_CACHE },
  });
  if (exitCode !== 0) throw new Error(stderr);
});

t.test("SIGINT while a template boots: 130, and nothing that looks like a template", async (t) => {
  const cache = await linkedCache(["packages", "store/rootfs", "store/host"]);
  t.teardown(() => removeCache(cache));
  const run = new LiveRun(t, [SKIPS], { XENLOOP_CACHE: cache });
  await run.line(/▶ template:debian-12 boot/);
  run.child.kill("SIGINT");
  t.equal(await run.exited, 130);
  t.match(run.cell("body-skips"), { status: "interrupted", reason: /ended before this cell/ });
  t.same(await run.machines(), []);
  t.same(await socketDirectories(run.child.pid!), []);
  for (const folder of ["work", "scratch", "store/template", "store/.leases"]) {
    t.same(await readdir(join(cache, folder)).catch(() => []), [], folder);
  }
});
