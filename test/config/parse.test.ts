import t from "tap";
import { parseConfig } from "../../harness/config/parse.ts";
import { ConfigInvalid } from "../../harness/config/errors.ts";

const NAME = "xenloop.config.yaml";
const problems = (text: string): string[] => {
  try {
    parseConfig(text, NAME);
  } catch (error) {
    if (error instanceof ConfigInvalid) return error.problems.map((p) => `${p.where}: ${p.what}`);
    throw error;
  }
  return [];
};

const FULL = `
cache: ~/xen
accel: tcg
jobs: 3
reporters: [list, junit=build/junit.xml]
tags:
  - nightly
hosts:
  debian-12:
    memoryMiB: 4096
    dom0: { mem: "2G,max:2G", maxVcpus: 1, vcpusPin: true, xenOptions: [sched=credit] }
store: { budget: 20GiB }
`;

t.test("what is right", async (t) => {
  const { values, where } = parseConfig(FULL, NAME);
  t.equal(values.jobs, 3);
  t.strictSame(values.hosts?.["debian-12"]?.dom0?.xenOptions, ["sched=credit"]);
  t.equal(where(["accel"]), `${NAME}:3:1`);
  t.equal(where(["hosts", "debian-12", "memoryMiB"]), `${NAME}:10:5`);
  t.equal(where(["reporters", 1]), `${NAME}:5:19`);
  t.equal(where(["hosts", "debian-12", "vcpus"]), `${NAME}:9:3`, "the nearest thing above");
});

t.test("files with nothing in them", async (t) => {
  for (const text of ["", "\n", "# nothing\n", "---\n", "{}", "\uFEFF", "null"]) {
    t.strictSame(parseConfig(text, NAME).values, {}, JSON.stringify(text));
  }
});

t.test("a byte order mark shifts no column", async (t) => {
  t.strictSame(problems("\uFEFFjobs: 0"), problems("jobs: 0"));
  t.equal(parseConfig("\uFEFFjobs: 2\r\naccel: kvm\r\n", NAME).values.jobs, 2);
});

t.test("each mistake names its place, its key and the nearest right one", async (t) => {
  for (const [text, ...expected] of [
    ["acel: tcg", `${NAME}:1:1: acel: unknown key; did you mean "accel"?`],
    ["accel: kwm", `${NAME}:1:1: accel: must be one of auto, kvm, tcg; did you mean "kvm"?`],
    [
      "hosts:\n  debian-12:\n    mem: 2G",
      `${NAME}:3:5: hosts.debian-12.mem: unknown key; did you mean "hosts.debian-12.dom0.mem"?`,
    ],
    [
      "vcpusPin: true",
      `${NAME}:1:1: vcpusPin: unknown key; did you mean "hosts.NAME.dom0.vcpusPin"?`,
    ],
    ["zzz: 1", `${NAME}:1:1: zzz: unknown key`],
    ["jobs: many", `${NAME}:1:1: jobs: must be "auto" or a whole number from 1`],
    ["store:\n  budget: big", `${NAME}:2:3: store.budget: must look like "40GiB"`],
    ["tags:\n  - a\n  - 1", `${NAME}:3:5: tags[1]: expected string, received number`],
    ["- a list", `${NAME}:1:1: the file must be a map of settings`],
    ["just text", `${NAME}:1:1: the file must be a map of settings`],
  ] as const) {
    t.strictSame(problems(text), expected, text);
  }
});

t.test("several mistakes are told at once", async (t) => {
  const text = "acel: tcg\njobs: 0\nhosts:\n  debian-12:\n    memory: 1\n    vcpus: x\n";
  t.equal(problems(text).length, 4);
  t.throws(() => parseConfig(text, NAME), {
    code: "CONFIG_INVALID",
    kind: "usage",
    message: /the configuration has 4 mistakes:\n {2}xenloop\.config\.yaml:/,
  });
});

t.test("broken YAML names its line", async (t) => {
  t.match(problems("jobs: 1\njobs: 2\n"), [/^xenloop\.config\.yaml:2:1: Map keys must be unique/]);
  t.match(problems("hosts:\n\tdebian-12: {}\n")[0], /^xenloop\.config\.yaml:2:1: .*[Tt]ab/);
  t.match(problems("a: [1, 2\n")[0], /^xenloop\.config\.yaml:\d+:\d+: /);
  t.match(problems("cache: *nowhere\n")[0], /nowhere/);
  t.strictSame(problems("a: 1\n---\nb: 2\n"), [`${NAME}:2:1: a second document begins here`]);
});
