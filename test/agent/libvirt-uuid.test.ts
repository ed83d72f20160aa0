import { randomUUID } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { runTool } from "../../harness/base/process.ts";
import { AGENT } from "./compile-library.ts";

const [CHANGE, CONFIGURE] = ["change-uuid.py", "configure.py"].map((name) =>
  join(import.meta.dirname, "fixtures", name),
) as [string, string];

t.test("a running process's UUID is changed wherever it holds it, and nothing else", async (t) => {
  const [old, fresh] = [randomUUID(), randomUUID()];
  const { stdout } = await runTool(["python3", "-BES", CHANGE, AGENT, old, fresh], {
    timeoutMs: 60_000,
  });
  const hex = fresh.replaceAll("-", "");
  t.same(stdout.split("\n"), [
    "True",
    "False another one is not there",
    "True",
    "0",
    `${hex} ${hex} ${hex} 5000`,
  ]);
});

t.test("the configuration is the distribution's, with the last UUID", async (t) => {
  const conf = join(t.testdir({}), "libvirtd.conf");
  writeFileSync(conf, '#host_uuid_source = "smbios"\n');
  const uuids = [randomUUID(), randomUUID()];
  await runTool(["python3", "-BES", CONFIGURE, AGENT, conf, ...uuids], { timeoutMs: 60_000 });
  t.same(readFileSync(conf, "utf8").split("\n"), [
    '#host_uuid_source = "smbios"',
    "",
    "# xenloop",
    `host_uuid = "${uuids[1]}"`,
    'auth_tcp = "none"',
    "",
  ]);
});
