import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import t from "tap";
import { sha256 } from "../../harness/base/hash.ts";
import { loadHosts } from "../../harness/config/host-registry.ts";
import { lockPath } from "../../harness/image/pinned-lock.ts";
import { recordedHost, recordedLock } from "../../harness/replay/recorded-inputs.ts";
import { hostInputPath, keepInputs, lockInputPath } from "../../harness/run/run-inputs.ts";
import { ROOT } from "../cli/run-xenloop.ts";

const registry = await loadHosts({
  directory: `${ROOT}/images/hosts`,
  config: { path: undefined, values: {}, where: () => "" },
});
const own = registry.get("debian-12");
const lock = readFileSync(lockPath("debian-12"), "utf8");

t.test("what a run kept is what a replay takes", async (t) => {
  const run = t.testdir();
  const then = { ...own, memoryMiB: 3000, dom0: { ...own.dom0, xenOptions: ["loglvl=all"] } };
  await keepInputs(run, [then]);
  t.strictSame(await recordedHost(run, own), then);
  const path = await recordedLock(run, "debian-12", sha256(lock));
  t.equal(readFileSync(path ?? "", "utf8"), lock);
});

t.test("a run from before inputs were kept", async (t) => {
  t.equal(await recordedHost(t.testdir(), own), own);
  t.equal(await recordedLock(t.testdir(), "debian-12", "f"), undefined);
});

t.test("where packages come from is decided here, not by the run", async (t) => {
  const run = t.testdir();
  await keepInputs(run, [{ ...own, mirror: "http://evil.example.org/debian", release: "evil" }]);
  const host = await recordedHost(run, own);
  t.equal(host.mirror, own.mirror);
  t.equal(host.release, own.release);
});

t.test("hostile values are refused", async (t) => {
  const run = t.testdir();
  const put = (path: string, value: unknown) => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, typeof value === "string" ? value : JSON.stringify(value));
  };
  for (const bad of [
    { ...own, packages: ["xen; rm -rf /"] },
    { ...own, packages: ["--option"] },
    { ...own, memoryMiB: "1024" },
    { ...own, memoryMiB: 1e12 },
    { ...own, dom0: { ...own.dom0, xenOptions: ["a b"] } },
    { ...own, dom0: { ...own.dom0, mem: "1G\nmenuentry" } },
    [],
    "{",
  ]) {
    put(hostInputPath(run, "debian-12"), bad);
    await t.rejects(recordedHost(run, own), { code: "INPUTS_DAMAGED" });
  }
  const good = JSON.parse(lock) as { packages: { sha256: string; name: string }[] };
  for (const change of [{ sha256: "../../../etc" }, { name: "../a" }, { version: "1 2" }]) {
    const packages = [{ ...good.packages[0], ...change }];
    put(lockInputPath(run, "debian-12"), { ...good, packages });
    await t.rejects(recordedLock(run, "debian-12", undefined), { code: "INPUTS_DAMAGED" });
  }
  put(lockInputPath(run, "debian-12"), lock);
  await t.rejects(recordedLock(run, "debian-12", "0".repeat(64)), {
    code: "INPUTS_DAMAGED",
    message: /checksum/,
  });
});
