import { mkdir, mkdtemp, readdir, readFile, rm, appendFile } from "node:fs/promises";
import { join } from "node:path";
import { isSameProcess, killByIdentity, processStartTime } from "../base/process-identity.ts";

/** Owner's pid and start time are in the name: another run can tell a dead owner from a live one. */
const NAME = /^(\d+)-(\d+)-\w{6}$/;
const PROCESSES = "processes";

/** Scratch space of one run, for disks; goes away with it, or is reaped by a later run. */
export class Workspace implements AsyncDisposable {
  private constructor(readonly path: string) {}

  static async create(cache: string): Promise<Workspace> {
    const parent = join(cache, "work");
    await mkdir(parent, { recursive: true });
    const owner = `${process.pid}-${String(processStartTime(process.pid))}-`;
    return new Workspace(await mkdtemp(join(parent, owner)));
  }

  /** Notes a machine, so that a later run can end it if this one is killed. */
  async note(pid: number, startTime: number): Promise<void> {
    await appendFile(join(this.path, PROCESSES), `${pid} ${startTime}\n`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}

/** Ends what runs that were killed left behind; gives the number of workspaces removed. */
export async function reapWorkspaces(cache: string): Promise<number> {
  const parent = join(cache, "work");
  let reaped = 0;
  for (const name of await readdir(parent).catch(() => [])) {
    const [, pid, start] = NAME.exec(name) ?? [];
    if (pid === undefined || isSameProcess(Number(pid), Number(start))) continue;
    const noted = await readFile(join(parent, name, PROCESSES), "utf8").catch(() => "");
    for (const line of noted.split("\n").filter(Boolean)) {
      const [orphan = 0, startTime = 0] = line.split(" ").map(Number);
      await killByIdentity(orphan, startTime);
    }
    await rm(join(parent, name), { recursive: true, force: true });
    reaped += 1;
  }
  return reaped;
}
