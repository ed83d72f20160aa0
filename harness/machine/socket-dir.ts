import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isSameProcess, processStartTime } from "../base/process-identity.ts";

/** A unix socket's path has room for 108 bytes; this leaves some for the socket's name. */
const MAX_DIR_BYTES = 80;
/** The directory's name holds its owner's pid and start time, so a dead run's can be told. */
const NAME = /^xenloop-(\d+)-(\d+)-\w{6}$/;

export interface SocketDir {
  readonly path: string;
  remove(): Promise<void>;
}

/** A private directory with a short path, for sockets and probes. */
export async function createSocketDir(parent = tmpdir()): Promise<SocketDir> {
  const name = `xenloop-${process.pid}-${processStartTime(process.pid)}-`;
  const fits = Buffer.byteLength(join(parent, name)) + 6 <= MAX_DIR_BYTES;
  const path = await mkdtemp(join(fits ? parent : "/tmp", name));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** Removes the directories of runs that were killed; gives their paths. */
export async function sweepSocketDirs(parent = tmpdir()): Promise<string[]> {
  const stale = (await readdir(parent)).filter((name) => {
    const owner = NAME.exec(name);
    return owner !== null && !isSameProcess(Number(owner[1]), Number(owner[2]));
  });
  const paths = stale.map((name) => join(parent, name));
  await Promise.all(paths.map((path) => rm(path, { recursive: true, force: true })));
  return paths;
}
