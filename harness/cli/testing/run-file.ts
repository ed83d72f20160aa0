import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { messageOf } from "../../base/error.ts";
import { runTool } from "../../base/process.ts";
import { countTap, type TapCount } from "./tap-count.ts";
import type { TestFile, TestKind } from "./test-files.ts";

/** For a whole file, on the slowest machine that is still of use. */
export const FILE_TIMEOUT_MS: Record<TestKind, number> = {
  unit: 3 * 60_000,
  integration: 120 * 60_000,
};

/** A virtual machine may stand still for the better part of a minute. */
const ONE_TEST_SECONDS = "120";

export interface FileResult extends TapCount {
  ms: number;
}

export interface RunFileOptions {
  root: string;
  signal: AbortSignal;
}

/**
 * Runs one test file in a process group of its own and reads its TAP. The file is started
 * without tap's runner, which costs over a second more and kills only the process itself.
 */
export async function runFile(file: TestFile, options: RunFileOptions): Promise<FileResult> {
  const { root, signal } = options;
  const started = performance.now();
  const directory = await mkdtemp(join(tmpdir(), "xenloop-test-"));
  const tap = join(directory, "out.tap");
  const loader = join(root, "harness/base/typescript-loader.js");
  let end: FileEnd = {};
  try {
    const { exitCode, stderr } = await runTool([process.execPath, "--import", loader, file.path], {
      cwd: root,
      signal,
      timeoutMs: FILE_TIMEOUT_MS[file.kind],
      stdoutFile: tap,
      // What a test starts is not the job itself: it writes no summary and no annotations.
      env: { TAP: "1", TAP_TIMEOUT: ONE_TEST_SECONDS, GITHUB_ACTIONS: "", GITHUB_STEP_SUMMARY: "" },
      acceptExitCodes: [0, 1],
    });
    end = { stderr, ...(exitCode === 0 ? {} : { problem: "it exits with status 1" }) };
  } catch (error) {
    signal.throwIfAborted();
    end = { crash: messageOf(error) };
  }
  const text = await readFile(tap, "utf8").catch(() => "");
  await rm(directory, { recursive: true, force: true });
  return { ...judge(countTap(text), end), ms: performance.now() - started };
}

interface FileEnd {
  /** It did not come to an end of its own. */
  crash?: string;
  /** It says itself that it failed, which its assertions usually explain. */
  problem?: string;
  stderr?: string;
}

/** A file that dies between two assertions has failed, whatever it had said till then. */
function judge(count: TapCount, { crash, problem, stderr = "" }: FileEnd): TapCount {
  const silent = count.passed + count.failed + count.skipped === 0;
  const explained = count.failed > 0 ? undefined : (problem ?? (silent ? NO_ASSERTION : undefined));
  const what = crash ?? (count.broken === undefined ? explained : count.broken.detail["problem"]);
  if (what === undefined && count.broken === undefined) return count;
  const failure = {
    name: count.broken?.name ?? "the file itself",
    detail: {
      ...count.broken?.detail,
      problem: what,
      ...(stderr && { stderr: stderr.slice(-4000) }),
    },
  };
  return { ...count, failed: count.failed + 1, failures: [...count.failures, failure] };
}

const NO_ASSERTION = "it makes no assertion";
