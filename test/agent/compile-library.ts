import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { REPO_ROOT } from "../../harness/base/repo-paths.ts";
import { compileAgentLibrary } from "../../harness/host/agent-library.ts";

export const AGENT = join(REPO_ROOT, "images/agent");

/** What the agent has in C, compiled into the folder; gives its path. */
export async function compileLibrary(folder: string): Promise<string> {
  const library = join(folder, "agent.so");
  await writeFile(library, await compileAgentLibrary(folder));
  return library;
}
