import { join } from "node:path";
import t from "tap";
import { loadHosts } from "../../harness/config/host-registry.ts";
import { parseConfig } from "../../harness/config/parse.ts";
import { host } from "../plan/make.ts";

const file = (name: string) => `export default ${JSON.stringify(host(name))};`;
const config = (text = "") => ({ path: "/c.yaml", ...parseConfig(text, "c.yaml") });

t.test("hosts in the order people count, with the user's changes", async (t) => {
  const directory = t.testdir({
    "debian-11.ts": file("debian-11"),
    "debian-9.ts": file("debian-9"),
    "README.md": "",
  });
  const text = "hosts:\n  debian-11: { vcpus: 4 }";
  const hosts = await loadHosts({ directory, config: config(text), mirror: "http://m/" });
  t.strictSame(hosts.names, ["debian-9", "debian-11"]);
  t.equal(hosts.get("debian-11").vcpus, 4);
  t.equal(hosts.get("debian-9").mirror, "http://m/");
  t.throws(() => hosts.get("debain-11"), { code: "HOST_UNKNOWN", message: /"debian-11"/ });
});

t.test("a host on request is none of all", async (t) => {
  const directory = t.testdir({
    "a.ts": file("a"),
    "b.ts": `export default ${JSON.stringify({ ...host("b"), onRequest: true })};`,
  });
  const hosts = await loadHosts({ directory, config: config() });
  t.strictSame(
    hosts.all().map(({ name }) => name),
    ["a"],
  );
  t.equal(hosts.get("b").name, "b");
});

t.test("a host with a libvirt of another release is one of those rebuilt", async (t) => {
  const directory = t.testdir({
    "a.ts": file("a"),
    "b.ts": `export default ${JSON.stringify({ ...host("b"), libvirt: { source: host("a") } })};`,
    "c.ts": `export default ${JSON.stringify({ ...host("c"), onRequest: true })};`,
  });
  const hosts = await loadHosts({ directory, config: config() });
  const named = (words: string[]) => hosts.named(words).map(({ name }) => name);
  t.strictSame(named(["all"]), ["a"]);
  t.strictSame(named(["rebuilt"]), ["b"]);
  t.strictSame(named(["all", "rebuilt"]), ["a", "b"]);
  t.strictSame(named(["b", "rebuilt", "c", "b"]), ["b", "c"], "each once");
  t.throws(() => hosts.named(["all", "d"]), { code: "HOST_UNKNOWN" });
});

t.test("a configuration for a host that is not there", async (t) => {
  const directory = t.testdir({ "debian-12.ts": file("debian-12") });
  const text = "hosts:\n  debain-12: { vcpus: 4 }";
  await t.rejects(loadHosts({ directory, config: config(text) }), {
    code: "CONFIG_INVALID",
    message: 'c.yaml:2:3: hosts.debain-12: no such host; did you mean "debian-12"?',
  });
});

t.test("host files that are not usable", async (t) => {
  const root = t.testdir({
    renamed: { "a.ts": file("b") },
    half: { "a.ts": 'export default { name: "a", title: "A" };' },
    empty: { "a.ts": "export {};" },
    broken: { "a.ts": "throw new Error('at import')" },
    group: { "rebuilt.ts": file("rebuilt") },
  });
  for (const [directory, message] of [
    ["renamed", /its name is "b", but the file says "a"/],
    ["half", /it lacks release, components/],
    ["empty", /it has no default export/],
    ["broken", /at import/],
    ["group", /stands for several hosts/],
  ] as const) {
    const loading = loadHosts({ directory: join(root, directory), config: config() });
    await t.rejects(loading, { code: "HOST_SPEC_INVALID", message }, directory);
  }
});
