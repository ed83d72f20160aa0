import { readFile } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { runTool } from "../../harness/base/process.ts";
import { AGENT, compileLibrary } from "./compile-library.ts";

// elf.h
const [PT_LOAD, PT_GNU_STACK] = [1, 0x6474e551];
const [READ, WRITE] = [4, 2];
const PAGE = 4096;
const FIVE_SECONDS = { timeoutMs: 5_000 };

t.test("the agent's library says that its stack is not executable", async (t) => {
  const folder = t.testdir({});
  const library = await readFile(await compileLibrary(folder));
  const before = segmentsOf(await readFile(join(folder, "linked.so")));
  const segments = segmentsOf(library);
  t.same(segments.slice(0, -1), before, "all else is as it was linked");
  t.match(segments.at(-1), { type: PT_GNU_STACK, flags: READ | WRITE });

  const table = library.readUInt32LE(0x20);
  for (const { type, offset, bytes } of segments) {
    const end = Math.ceil((offset + bytes) / PAGE) * PAGE;
    if (type === PT_LOAD) t.ok(table >= end, "glibc does not take the table for a loaded one");
  }
});

function segmentsOf(elf: Buffer) {
  const [table, size] = [elf.readUInt32LE(0x20), elf.readUInt16LE(0x36)];
  return Array.from({ length: elf.readUInt16LE(0x38) }, (_, index) => {
    const at = table + index * size;
    const [type, flags] = [elf.readUInt32LE(at), elf.readUInt32LE(at + 4)];
    return { type, flags, offset: elf.readUInt32LE(at + 8), bytes: elf.readUInt32LE(at + 32) };
  });
}

t.test("its sources are compiled without a warning", async (t) => {
  const output = ["-o", join(t.testdir({}), "agent.so")];
  const sources = ["spawn.c", "zygote.c"].map((name) => join(AGENT, name));
  const compiler = ["tcc", "-Wall", "-Werror", "-shared", "-nostdlib"];
  await t.resolves(runTool([...compiler, ...output, ...sources], FIVE_SECONDS));
});
