import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { XenloopError } from "../base/error.ts";
import { REPO_ROOT } from "../base/repo-paths.ts";
import { runTool } from "../base/process.ts";
import { Scratch } from "../image/scratch.ts";
import type { BootedHost } from "./booted-host.ts";
import { withPlainStack } from "./elf-stack.ts";

const SOURCES = ["spawn.c", "zygote.c"].map((name) => join(REPO_ROOT, "images/agent", name));
/** Where images/agent/spawn.py looks for it; gone with the machine's memory, as its copies are. */
const LIBRARY = "/run/xenloop-agent.so";
const COMPILE_MS = 60_000;
const UPLOAD_MS = 60_000;
const LINK_MS = 60_000;

/**
 * Has the agent start programs in fewer system calls (images/agent/native_spawn.py), and keep a
 * virsh that is linked and waits before its main(), of which every later one is a copy
 * (images/agent/zygote.py). Gives why not, where it cannot be had so.
 * @param scratch directory for what is gone afterwards
 */
export async function speedUpAgent(
  host: BootedHost,
  scratch: string,
  signal?: AbortSignal,
): Promise<string | undefined> {
  try {
    await using temporary = await Scratch.create(scratch, "agent");
    const library = await compileAgentLibrary(temporary.path, signal);
    const limits = { timeoutMs: UPLOAD_MS, ...(signal && { signal }) };
    await host.upload(Readable.from([library]), LIBRARY, undefined, limits);
    await host.run(["xenloop:use-library"], { timeoutMs: LINK_MS });
    return undefined;
  } catch (error) {
    signal?.throwIfAborted();
    // Without it everything works, slower.
    if (error instanceof XenloopError) return error.message;
    throw error;
  }
}

/** What the agent has in C, as a shared library. @param scratch directory to compile in */
export async function compileAgentLibrary(scratch: string, signal?: AbortSignal): Promise<Buffer> {
  const output = join(scratch, "linked.so");
  const compiler = ["tcc", "-Wall", "-shared", "-nostdlib", "-o", output];
  await runTool([...compiler, ...SOURCES], { timeoutMs: COMPILE_MS, ...(signal && { signal }) });
  return withPlainStack(await readFile(output));
}
