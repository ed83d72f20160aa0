import { readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { loadHosts } from "../../harness/config/host-registry.ts";
import { parseConfig } from "../../harness/config/parse.ts";
import { plan } from "../../harness/plan/plan.ts";
import { ROOT } from "../cli/run-xenloop.ts";
import { scenario } from "../plan/make.ts";

t.test("the host of docs/add-a-host.md is loaded, overridden and planned", async (t) => {
  const text = readFileSync(join(ROOT, "docs/add-a-host.md"), "utf8");
  const [, path = "", source = ""] = /^```ts\n\/\/ (\S+)\n(.*?)^```$/ms.exec(text) ?? [];
  const [, name = ""] = /^images\/hosts\/(.+)\.ts$/.exec(path) ?? [];
  const root = t.testdir({
    images: { hosts: { [`${name}.ts`]: source } },
    harness: t.fixture("symlink", join(ROOT, "harness")),
  });
  const config = `hosts:\n  ${name}: { memoryMiB: 8192 }\n`;
  const hosts = await loadHosts({
    directory: join(root, "images/hosts"),
    config: { path: "/c.yaml", ...parseConfig(config, "c.yaml") },
  });
  const host = hosts.get(name);
  t.match(host, { memoryMiB: 8192, dom0: { mem: /^\d+M/, xenOptions: ["sched=credit"] } });

  const scenarios = [scenario("pv"), scenario("new", { needs: { xen: ">=4.20" } })];
  t.match(plan({ scenarios, hosts: hosts.all() }), [
    { id: `pv[${name}]`, host: name },
    { id: `new[${name}]`, excluded: `needs Xen >=4.20, ${name} has 4.17` },
  ]);
});
