import { join } from "node:path";
import { REPO_ROOT } from "../../harness/base/repo-paths.ts";
import { runTool } from "../../harness/base/process.ts";

export const AGENT = join(REPO_ROOT, "images/agent");

/** What the agent has in C, compiled without a warning into the folder; gives its path. */
export async function compileLibrary(folder: string): Promise<string> {
  const library = join(folder, "agent.so");
  const sources = ["spawn.c", "zygote.c"].map((name) => join(AGENT, name));
  const compiler = ["tcc", "-Wall", "-Werror", "-shared", "-nostdlib", "-o", library];
  await runTool([...compiler, ...sources], { timeoutMs: 60_000 });
  return library;
}
