import { runTool } from "../base/process.ts";

const TIMEOUT_MS = 20_000;

/** Standard output of a git command that only reads. @throws {ToolFailed | ToolMissing} */
export async function git(root: string, words: readonly string[]): Promise<string> {
  // Another git command of the user's may be at work.
  const env = { GIT_OPTIONAL_LOCKS: "0" };
  return (await runTool(["git", ...words], { cwd: root, env, timeoutMs: TIMEOUT_MS })).stdout;
}
