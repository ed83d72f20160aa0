import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { loadHosts } from "../../harness/config/host-registry.ts";
import { INPUTS, keepInputs } from "../../harness/run/run-inputs.ts";
import { ROOT } from "../cli/run-xenloop.ts";

const registry = await loadHosts({
  directory: join(ROOT, "images/hosts"),
  config: { path: undefined, values: {}, where: () => "" },
});
const host = registry.get("debian-12");

t.test("a host and the lock that it is made from", async (t) => {
  const run = t.testdir();
  await keepInputs(run, [host]);
  t.strictSame(readdirSync(join(run, INPUTS)).sort(), [
    "debian-12.host.json",
    "debian-12.lock.json",
  ]);
});

t.test("no lock that the host does not answer to", async (t) => {
  const run = t.testdir();
  await keepInputs(run, [{ ...host, packages: [...host.packages, "hello"] }]);
  t.strictSame(readdirSync(join(run, INPUTS)), ["debian-12.host.json"]);
});

t.test("what cannot be kept whole is not kept, and named", async (t) => {
  const run = t.testdir();
  const locks = new Map([["debian-12", join(run, "gone.json")]]);
  await t.rejects(keepInputs(run, [host], locks), { code: "INPUTS_UNKEPT", kind: "infra" });
  t.notOk(existsSync(join(run, INPUTS)));
});
