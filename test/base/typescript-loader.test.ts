import { randomUUID } from "node:crypto";
import { chmod, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import t from "tap";

const ROOT = join(import.meta.dirname, "../..");
const LOADER = join(ROOT, "harness/base/typescript-loader.js");
const CACHE = join(ROOT, "node_modules/.cache/xenloop");

const run = (file: string) =>
  execa(process.execPath, ["--import", LOADER, file], { reject: false });

const SOURCE = `import type { Nothing } from "./not-there.ts";
interface Shape {
  size: number;
}

import { grow } from "./grow.ts";
const shape: Shape & Partial<Nothing> = { size: 1 };
console.log(grow(shape.size), import.meta.url.endsWith("main.ts"));
throw new Error("on line 9") as unknown;
`;

t.test("strips types, keeps places, and follows changes", async (t) => {
  const grow = (by: number) => `export const grow = (n: number): number => n + ${by};\n`;
  const directory = t.testdir({ "main.ts": SOURCE, "grow.ts": grow(1) });
  const file = join(directory, "main.ts");
  const first = await run(file);
  t.equal(first.stdout, "2 true");
  t.match(first.stderr, "main.ts:9:7");

  const cached = await readdir(CACHE);
  t.strictSame((await run(file)).stdout, "2 true");
  const now = await readdir(CACHE);
  t.strictSame(
    cached.filter((name) => !now.includes(name)),
    [],
    "nothing was written anew",
  );
  t.notOk(
    now.some((name) => !name.endsWith(".js")),
    "no partial file is left",
  );

  await writeFile(join(directory, "grow.ts"), grow(5));
  t.equal((await run(file)).stdout, "6 true");
});

t.test("a mistake in the source names file and line", async (t) => {
  const directory = t.testdir({ "bad.ts": "const a = 1;\nconst = 2;\n" });
  const { exitCode, stderr } = await run(join(directory, "bad.ts"));
  t.equal(exitCode, 1);
  t.match(stderr, /bad\.ts:2:6: ERROR/);
});

const LOSES_COMPILER = `import { readdirSync, readFileSync } from "node:fs";
const children = readdirSync("/proc/self/task").flatMap((task) =>
  readFileSync(\`/proc/self/task/\${task}/children\`, "utf8").split(" ").filter(Boolean),
);
for (const pid of children) process.kill(Number(pid), "SIGKILL");
const gone = (pid: string) =>
  / [Zz] /.test(readFileSync(\`/proc/\${pid}/stat\`, { encoding: "utf8", flag: "r" }));
for (const pid of children) {
  while (true) {
    try {
      if (gone(pid)) break;
    } catch {
      break;
    }
  }
}
await new Promise((resolve) => setImmediate(resolve));
const { late } = await import("./late.ts");
console.log(children.length, late);
`;

t.test("what is imported after the compiler's process was killed loads all the same", async (t) => {
  const directory = t.testdir({
    // Texts that no run before has left compiled.
    "main.ts": `${LOSES_COMPILER}\n// ${randomUUID()}\n`,
    "late.ts": `export const late: string = 'loaded';\n// ${randomUUID()}\n`,
  });
  const { stdout, stderr } = await run(join(directory, "main.ts"));
  t.equal(stdout, "1 loaded", stderr);
});

t.test(
  "a file that cannot be read",
  { skip: process.getuid?.() === 0 && "root reads all" },
  async (t) => {
    const directory = t.testdir({ "secret.ts": "" });
    await chmod(join(directory, "secret.ts"), 0);
    t.match((await run(join(directory, "secret.ts"))).stderr, "EACCES");
  },
);
