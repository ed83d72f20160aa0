import { cp, mkdir, readdir, readFile, realpath, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ESLint } from "eslint";
import t from "tap";

const repo = join(import.meta.dirname, "../..");

/** Files that stay right, for the wrong ones to import. */
const neighbours = {
  "harness/base/error.ts": "export const error = 1;\n",
  "harness/events/bus.ts": "export const bus = 1;\n",
  "harness/spec/host-spec.ts": "export interface HostSpec { name: string }\n",
  "harness/scenario/index.ts": "export const defineScenario = 1;\n",
  "harness/run/runner.ts": "export const run = 1;\n",
  "harness/cli/main.ts": "export const main = 1;\n",
  "reports/reporters/junit.ts": "export const junit = 1;\n",
  "scenarios/boot-pv.ts": "export const scenario = 1;\n",
  "harness/plan/ring-b.ts": 'import { a } from "./ring-a.ts";\nexport const b = () => a;\n',
};

const promises = "export async function halt(): Promise<void> {}\n";

interface Case {
  path: string;
  text: string;
  /** Rules that report, in order; none when the text is right. */
  rules: string[];
}

const cases: Record<string, Case> = {
  "a layer imports a layer to its left": {
    path: "harness/events/ok.ts",
    text: 'import { error } from "../base/error.ts";\nexport const e = error;\n',
    rules: [],
  },
  "a layer imports a layer to its right": {
    path: "harness/base/up.ts",
    text: 'import { bus } from "../events/bus.ts";\nexport const b = bus;\n',
    rules: ["import-x/no-restricted-paths"],
  },
  "a type of a layer to its right": {
    path: "harness/events/up.ts",
    text: 'import type { HostSpec } from "../spec/host-spec.ts";\nexport type H = HostSpec;\n',
    rules: ["import-x/no-restricted-paths"],
  },
  "a dynamic import of a layer to its right": {
    path: "harness/events/late.ts",
    text: 'export const late = () => import("../run/runner.ts");\n',
    rules: ["import-x/no-restricted-paths"],
  },
  "a re-export of a layer to its right": {
    path: "harness/events/again.ts",
    text: 'export { run } from "../run/runner.ts";\n',
    rules: ["import-x/no-restricted-paths"],
  },
  "the command line imports reports": {
    path: "harness/cli/report.ts",
    text: 'import { junit } from "../../reports/reporters/junit.ts";\nexport const j = junit;\n',
    rules: [],
  },
  "another layer imports reports": {
    path: "harness/run/report.ts",
    text: 'import { junit } from "../../reports/reporters/junit.ts";\nexport const j = junit;\n',
    rules: ["import-x/no-restricted-paths"],
  },
  "the harness imports a scenario": {
    path: "harness/run/load.ts",
    text: 'import { scenario } from "../../scenarios/boot-pv.ts";\nexport const s = scenario;\n',
    rules: ["import-x/no-restricted-paths"],
  },
  "a report imports events": {
    path: "reports/ok.ts",
    text: 'import { bus } from "../harness/events/bus.ts";\nexport const b = bus;\n',
    rules: [],
  },
  "a report imports the runner": {
    path: "reports/bad.ts",
    text: 'import { run } from "../harness/run/runner.ts";\nexport const r = run;\n',
    rules: ["import-x/no-restricted-paths"],
  },
  "a scenario imports its door and zx": {
    path: "scenarios/ok.ts",
    text: 'import { defineScenario } from "../harness/scenario/index.ts";\nimport { $ } from "zx";\nexport default [$, defineScenario];\n',
    rules: [],
  },
  "a scenario reaches past its door": {
    path: "scenarios/past.ts",
    text: 'import { error } from "../harness/base/error.ts";\nexport const e = error;\n',
    rules: ["import-x/no-restricted-paths"],
  },
  "a scenario imports execa": {
    path: "scenarios/execa.ts",
    text: 'import { execa } from "execa";\nexport const e = execa;\n',
    rules: ["no-restricted-imports", "no-restricted-imports"],
  },
  "a scenario imports any other package": {
    path: "scenarios/yaml.ts",
    text: 'import { parse } from "yaml";\nexport const p = parse;\n',
    rules: ["no-restricted-imports"],
  },
  "a host imports its type": {
    path: "images/hosts/ok.ts",
    text: 'import type { HostSpec } from "../../harness/spec/host-spec.ts";\nexport default { name: "ok" } satisfies HostSpec;\n',
    rules: [],
  },
  "a host imports the runner and a package": {
    path: "images/hosts/bad.ts",
    text: 'import { run } from "../../harness/run/runner.ts";\nimport { z } from "zod";\nexport default [run, z];\n',
    rules: ["import-x/no-restricted-paths", "no-restricted-imports"],
  },
  "the harness imports zx": {
    path: "harness/host/zx.ts",
    text: 'import { $ } from "zx";\nexport const d = $;\n',
    rules: ["no-restricted-imports"],
  },
  "a second file imports octokit": {
    path: "reports/github/comment.ts",
    text: 'import { Octokit } from "octokit";\nexport const o = Octokit;\n',
    rules: ["no-restricted-imports"],
  },
  "the one file imports octokit": {
    path: "reports/github/client.ts",
    text: 'import { Octokit } from "octokit";\nexport const o = Octokit;\n',
    rules: [],
  },
  "two files import each other": {
    path: "harness/plan/ring-a.ts",
    text: 'import { b } from "./ring-b.ts";\nexport const a = () => b;\n',
    rules: ["import-x/no-cycle"],
  },
  "a promise is left alone": {
    path: "harness/host/float.ts",
    text: `${promises}export function stop() {\n  halt();\n}\n`,
    rules: ["@typescript-eslint/no-floating-promises"],
  },
  "a promise where a void is awaited": {
    path: "harness/host/misuse.ts",
    text: `${promises}export const all = [1].forEach(async () => halt());\n`,
    rules: ["@typescript-eslint/no-misused-promises"],
  },
  "a type imported as a value": {
    path: "harness/run/type.ts",
    text: 'import { HostSpec } from "../spec/host-spec.ts";\nexport type H = HostSpec;\n',
    rules: ["@typescript-eslint/consistent-type-imports"],
  },
  "a command through a shell": {
    path: "harness/host/shell.ts",
    text: "export const options = { shell: true };\n",
    rules: ["no-restricted-syntax"],
  },
  "more than 400 lines": {
    path: "harness/host/long.ts",
    text: "export {};\n".repeat(401),
    rules: ["max-lines"],
  },
};

t.test("the rules report what they are for", async (t) => {
  const tree = await realpath(t.testdir());
  for (const file of ["eslint.config.js", "boundaries.json", "tsconfig.json", "package.json"]) {
    await cp(join(repo, file), join(tree, file));
  }
  await symlink(join(repo, "node_modules"), join(tree, "node_modules"));
  const texts = Object.entries(cases).map(([, { path, text }]) => [path, text] as const);
  for (const [path, text] of [...Object.entries(neighbours), ...texts]) {
    await mkdir(join(tree, dirname(path)), { recursive: true });
    await writeFile(join(tree, path), text);
  }

  const eslint = new ESLint({ cwd: tree });
  const results = await eslint.lintFiles(texts.map(([path]) => path));
  const found = new Map(
    results.map((result) => [result.filePath, result.messages.map((m) => m.ruleId ?? m.message)]),
  );
  for (const [title, { path, rules }] of Object.entries(cases)) {
    t.same(found.get(join(tree, path))?.sort(), [...rules].sort(), title);
  }
});

t.test("every folder of the harness is a layer", async (t) => {
  const boundaries = JSON.parse(await readFile(join(repo, "boundaries.json"), "utf8")) as {
    layers: string[];
  };
  const entries = await readdir(join(repo, "harness"), { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  t.same(
    folders.filter((folder) => !boundaries.layers.includes(folder)),
    [],
  );
  const guide = await readFile(join(repo, "CONTRIBUTING.md"), "utf8");
  t.ok(guide.includes(`\n${boundaries.layers.join(" < ")}\n`), "the guide shows the same order");
});
