import { readFile } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { runTool } from "../../harness/base/process.ts";
import { AGENT, compileLibrary } from "./compile-library.ts";

// elf.h
const PT_GNU_STACK = 0x6474e551;
const [READ, WRITE] = [4, 2];
const FIVE_SECONDS = { timeoutMs: 5_000 };

t.test("the agent's library says that its stack is not executable", async (t) => {
  const library = await compileLibrary(t.testdir({}));
  const elf = await readFile(library);
  const [table, size, count] = [
    elf.readUInt32LE(0x20),
    elf.readUInt16LE(0x36),
    elf.readUInt16LE(0x38),
  ];
  const segments = Array.from({ length: count }, (_, index) => {
    const at = table + index * size;
    return { type: elf.readUInt32LE(at), flags: elf.readUInt32LE(at + 4) };
  });
  const stacks = segments.filter(({ type }) => type === PT_GNU_STACK);
  t.same(stacks, [{ type: PT_GNU_STACK, flags: READ | WRITE }]);
});

t.test("its sources are compiled without a warning", async (t) => {
  const output = ["-o", join(t.testdir({}), "agent.so")];
  const sources = ["spawn.c", "zygote.c"].map((name) => join(AGENT, name));
  const compiler = ["tcc", "-Wall", "-Werror", "-shared", "-nostdlib"];
  await t.resolves(runTool([...compiler, ...output, ...sources], FIVE_SECONDS));
});
