import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import t from "tap";
import { XENLOOP, xenloop } from "../cli/run-xenloop.ts";
import { linkedCache, removeCache, SHARED_CACHE } from "./image-cache.ts";

t.setTimeout(0);

const HOST = "debian-12";
const LEASES = ".leases";

/** Directories, which a later builder takes over. */
const LOCK = /\.building\.lock$/;

/** Everything under the cache's own directories, apart from what was there before. */
async function leftIn(cache: string, ...folders: string[]): Promise<string[]> {
  const found = await Promise.all(
    folders.map((folder) => readdir(join(cache, folder)).catch(() => [])),
  );
  return found.flat().filter((name) => name !== LEASES && !LOCK.test(name));
}

async function interrupt(cache: string, phase: string, signal: NodeJS.Signals) {
  const child = spawn(XENLOOP, ["image", "build", HOST], {
    env: { ...process.env, XENLOOP_CACHE: cache },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const said: string[] = [];
  for await (const line of createInterface(child.stderr)) {
    said.push(line);
    if (line === `${HOST}: ${phase} …`) child.kill(signal);
  }
  if (child.exitCode === null) await once(child, "exit");
  return { code: child.exitCode, said };
}

t.before(async () => {
  const { exitCode, stderr } = await xenloop(["image", "build", HOST, "--yes"], {
    env: { XENLOOP_CACHE: SHARED_CACHE },
  });
  if (exitCode !== 0) throw new Error(stderr);
});

for (const [phase, folders] of [
  ["packages", []],
  ["rootfs", ["packages"]],
  ["disk", ["packages", "store/rootfs"]],
] as const) {
  t.test(`interrupted in phase ${phase}, a build leaves nothing`, async (t) => {
    const cache = await linkedCache(folders);
    t.teardown(() => removeCache(cache));
    const before = (await leftIn(cache, "packages", "store/rootfs")).sort();
    const { code, said } = await interrupt(cache, phase, "SIGINT");
    t.equal(code, 130, said.join("\n"));
    t.same(await leftIn(cache, "store/host", "scratch"), []);
    t.same((await leftIn(cache, "packages", "store/rootfs")).sort(), before);
    t.same(await readdir(join(cache, "store", LEASES)), []);
  });
}

t.test("what a killed build leaves, clean removes", async (t) => {
  const cache = await linkedCache(["packages"]);
  t.teardown(() => removeCache(cache));
  const { code } = await interrupt(cache, "rootfs", "SIGKILL");
  t.equal(code, null);
  const env = { XENLOOP_CACHE: cache };
  const { exitCode, stdout } = await xenloop(["clean"], { env });
  t.equal(exitCode, 0);
  t.match(stdout, /leftover .*\.building-/);
  t.same(await leftIn(cache, "store/host", "store/rootfs", "scratch"), []);
});
