import { readdir, readFile } from "node:fs/promises";

const PAGE = 4096;

export interface TreeLoad {
  /** Of a process and all its descendants. */
  pids: number[];
  /** Resident, shared pages counted once a process. */
  bytes: number;
}

/** A process with everything below it. What ends meanwhile is left out. */
export async function processTree(pid: number): Promise<TreeLoad> {
  const load: TreeLoad = { pids: [], bytes: 0 };
  let level = [pid];
  while (level.length > 0) {
    const found = await Promise.all(level.map(look));
    load.pids.push(...level);
    load.bytes += found.reduce((sum, { bytes }) => sum + bytes, 0);
    level = found.flatMap(({ children }) => children);
  }
  return load;
}

async function look(pid: number): Promise<{ bytes: number; children: number[] }> {
  const statm = await readFile(`/proc/${pid}/statm`, "utf8").catch(() => "");
  const tasks = await readdir(`/proc/${pid}/task`).catch(() => []);
  const lists = await Promise.all(
    tasks.map((task) => readFile(`/proc/${pid}/task/${task}/children`, "utf8").catch(() => "")),
  );
  const resident = Number(statm.split(" ")[1] ?? 0);
  const children = lists.flatMap((list) => list.split(" ").filter(Boolean).map(Number));
  return { bytes: (Number.isFinite(resident) ? resident : 0) * PAGE, children };
}
