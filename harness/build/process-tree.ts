import { readdir, readFile } from "node:fs/promises";

const PAGE = 4096;

export interface TreeLoad {
  /** Of a process and all its descendants. */
  pids: number[];
  /** Where /proc tells of their threads, each of which may hold files of its own. */
  threads: string[];
  /** Resident, shared pages counted once a process. */
  bytes: number;
}

/** A process with everything below it. What ends meanwhile is left out. */
export async function processTree(pid: number): Promise<TreeLoad> {
  const load: TreeLoad = { pids: [], threads: [], bytes: 0 };
  let level = [pid];
  while (level.length > 0) {
    const found = await Promise.all(level.map(look));
    load.pids.push(...level);
    load.threads.push(...found.flatMap(({ threads }) => threads));
    load.bytes += found.reduce((sum, { bytes }) => sum + bytes, 0);
    level = found.flatMap(({ children }) => children);
  }
  return load;
}

async function look(pid: number) {
  const tasks = await readdir(`/proc/${pid}/task`).catch(() => []);
  const threads = tasks.map((task) => `/proc/${pid}/task/${task}`);
  const found = await Promise.all(threads.map(lookAt));
  // The first thread may end before the others: from then on it has no memory.
  const bytes = Math.max(0, ...found.map((thread) => thread.bytes));
  return { threads, bytes, children: found.flatMap(({ children }) => children) };
}

async function lookAt(thread: string): Promise<{ bytes: number; children: number[] }> {
  const names = ["statm", "children"];
  const [statm = "", list = ""] = await Promise.all(
    names.map((name) => readFile(`${thread}/${name}`, "utf8").catch(() => "")),
  );
  const resident = Number(statm.split(" ")[1] ?? 0);
  const children = list.split(" ").filter(Boolean).map(Number);
  return { bytes: (Number.isFinite(resident) ? resident : 0) * PAGE, children };
}
