import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { open, rm, type FileHandle } from "node:fs/promises";
import { createConnection, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { messageOf } from "../base/error.ts";
import { StateLoadFailed, StateSaveFailed } from "./errors.ts";
import type { QmpClient } from "./qmp.ts";
import { createSocketDir } from "./socket-dir.ts";

const DEFAULT_TIMEOUT_MS = 60_000;

export interface MigrateOptions {
  timeoutMs?: number;
  signal?: AbortSignal;
}

/**
 * Stops a machine and writes the state of its devices and CPUs, some 400 kB, to a file. Memory
 * that is a shared file is left where it is. The machine stays stopped, and must not go on:
 * it would write to the memory the state belongs to.
 *
 * The state goes through a socket to this process, because QEMU 7.2 has no `file:` (8.2 has),
 * and with `exec:cat` it reports completion while cat may still be writing.
 * @throws {StateSaveFailed}
 */
export async function saveState(
  qmp: QmpClient,
  file: string,
  options: MigrateOptions = {},
): Promise<void> {
  const sockets = await createSocketDir();
  const server = createServer();
  const over = new AbortController();
  try {
    const path = join(sockets.path, "state");
    server.listen(path);
    await once(server, "listening");
    await qmp.execute("stop");
    await setCapabilities(qmp);
    await Promise.all([
      migrationEnds(qmp, options, over.signal),
      receive(server, file, over.signal),
      qmp.execute("migrate", { uri: `unix:${path}` }),
    ]);
  } catch (error) {
    await rm(file, { force: true }).catch(() => undefined);
    options.signal?.throwIfAborted();
    throw new StateSaveFailed(file, messageOf(error), error);
  } finally {
    over.abort();
    server.close();
    await sockets.remove();
  }
}

/**
 * Loads a saved state into a machine started with `incoming` and lets it run.
 * @throws {StateLoadFailed}
 */
export async function loadState(
  qmp: QmpClient,
  file: string,
  options: MigrateOptions = {},
): Promise<void> {
  const scratch = await createSocketDir();
  const over = new AbortController();
  let state: FileHandle | undefined;
  try {
    const source = (state = await open(file));
    const path = join(scratch.path, "state");
    await setCapabilities(qmp);
    await Promise.all([
      migrationEnds(qmp, options, over.signal),
      qmp
        .execute("migrate-incoming", { uri: `unix:${path}` })
        .then(() => send(source, path, over.signal)),
    ]);
    await qmp.execute("cont");
  } catch (error) {
    options.signal?.throwIfAborted();
    throw new StateLoadFailed(file, messageOf(error), error);
  } finally {
    over.abort();
    await state?.close();
    await scratch.remove();
  }
}

async function setCapabilities(qmp: QmpClient): Promise<void> {
  const capabilities = ["x-ignore-shared", "events"];
  await qmp.execute("migrate-set-capabilities", {
    capabilities: capabilities.map((capability) => ({ capability, state: true })),
  });
}

/** Rejects unless the migration that starts from now on is completed. */
async function migrationEnds(
  qmp: QmpClient,
  { timeoutMs = DEFAULT_TIMEOUT_MS, signal }: MigrateOptions,
  over: AbortSignal,
): Promise<void> {
  const { data } = await qmp.waitForEvent("MIGRATION", {
    timeoutMs,
    signal: signal === undefined ? over : AbortSignal.any([signal, over]),
    where: ({ status }) => ENDED.has(String(status)),
  });
  if (data.status === "completed") return;
  const { "error-desc": why = `migration ${String(data.status)}` } = await qmp.execute<{
    "error-desc"?: string;
  }>("query-migrate");
  throw new Error(why);
}
const ENDED = new Set(["completed", "failed", "cancelled"]);

/**
 * QEMU hangs up as soon as it has read enough, with the description at the state's end still
 * on its way. Whether it had enough, its own event tells.
 */
async function send(state: FileHandle, path: string, over: AbortSignal): Promise<void> {
  const sending = pipeline(state.createReadStream(), createConnection(path), { signal: over });
  await sending.catch(() => undefined);
}

/** Resolves when all that QEMU sent is on the disk. */
async function receive(server: Server, file: string, over: AbortSignal): Promise<void> {
  const [socket] = (await once(server, "connection", { signal: over })) as [Socket];
  await pipeline(socket, createWriteStream(file, { flush: true }), { signal: over });
}
