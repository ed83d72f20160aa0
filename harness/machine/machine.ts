import { existsSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { describeExit, lastLines, quoteArgv } from "../base/process-errors.ts";
import { startDaemon, type ProcessHandle } from "../base/process.ts";
import { machineArgv } from "./command-line.ts";
import { MachineStartFailed } from "./errors.ts";
import { LastWords } from "./last-words.ts";
import { fatalEvent, fatalExit, fatalStop } from "./machine-fatal.ts";
import type { MachineSpec } from "./machine-spec.ts";
import { QmpClient } from "./qmp.ts";
import { EXPECTED_WARNINGS } from "./quirks.ts";
import type { MachineFatal } from "./serial-patterns.ts";
import { watchSerial, type SerialWatch } from "./serial-watch.ts";
import { createSocketDir } from "./socket-dir.ts";

const START_TIMEOUT_MS = 30_000;
const LAST_WORDS_MS = 500;

export interface StartOptions {
  /** Directory for serial.log, qemu.log and qemu-command.txt; made when missing. */
  dir: string;
  /** Where disks with `snapshot` grow; the same directory unless told. */
  scratch?: string;
  /** Until QEMU's monitor answers; 30 s unless told. */
  timeoutMs?: number;
  signal?: AbortSignal;
  onSerialLine?: (line: string) => void;
}

/** A machine whose QEMU runs and answers on its monitor. */
export interface RunningMachine {
  readonly argv: readonly string[];
  readonly process: ProcessHandle;
  readonly qmp: QmpClient;
  readonly serial: SerialWatch;
  readonly serialLog: string;
  /** Unix socket of the console, which is logged whether anybody is connected or not. */
  readonly serialSocket: string;
  /** Unix socket of the virtio-serial port `xenloop.0`. */
  readonly channelSocket: string;
  /**
   * The first thing that ended or spoilt the machine. Never rejects, and never settles after
   * `stop`: race it against what you wait for.
   */
  readonly fatal: Promise<MachineFatal>;
  /** Lets QEMU flush its disks and end; removes the sockets. May be called twice. */
  stop(): Promise<void>;
}

/** @throws {MachineStartFailed | MachineSpecInvalid | ToolMissing} */
export async function startMachine(
  spec: MachineSpec,
  options: StartOptions,
): Promise<RunningMachine> {
  const { dir, timeoutMs = START_TIMEOUT_MS, signal } = options;
  signal?.throwIfAborted();
  await mkdir(dir, { recursive: true });
  const sockets = await createSocketDir();
  const serialLog = join(dir, "serial.log");
  const qemuLog = join(dir, "qemu.log");
  const channelSocket = join(sockets.path, "channel");
  const qmpSocket = join(sockets.path, "qmp");
  const serialSocket = join(sockets.path, "serial");

  let stopping = false;
  let settleFatal: (fatal: MachineFatal) => void = () => undefined;
  const fatal = new Promise<MachineFatal>((resolve) => (settleFatal = resolve));
  const lastWords = new LastWords((found) => settleFatal(found));
  const onFatal = (found: MachineFatal | undefined) => {
    if (found !== undefined && !stopping) lastWords.end(found);
  };
  let serial: SerialWatch | undefined;
  let qemu: ProcessHandle | undefined;
  let qmp: QmpClient | undefined;
  let stopped: Promise<void> | undefined;
  const stop = () =>
    (stopped ??= (async () => {
      stopping = true;
      lastWords.close();
      await qemu?.terminate();
      qmp?.close();
      serial?.close();
      await sockets.remove();
    })());

  try {
    const argv = machineArgv({ ...spec, serialLog, serialSocket, qmpSocket, channelSocket });
    await writeFile(join(dir, "qemu-command.txt"), `${quoteArgv(argv)}\n`);
    serial = watchSerial(serialLog, {
      onFatal: (found) => lastWords.begin(found),
      onLine: (line) => {
        lastWords.line();
        options.onSerialLine?.(line);
      },
    });
    const env = { TMPDIR: options.scratch ?? dir };
    qemu = await startDaemon(argv, { logFile: qemuLog, env });
    qmp = await connect(qemu, qmpSocket, qemuLog, timeoutMs, signal);
    follow({ qemu, qmp, serial, qemuLog }, onFatal);
    const places = { serialLog, serialSocket, channelSocket };
    return { argv, process: qemu, qmp, serial, ...places, fatal, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function connect(
  qemu: ProcessHandle,
  socket: string,
  log: string,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<QmpClient> {
  const died = new AbortController();
  void qemu.exited.then(() => died.abort());
  const signals = signal === undefined ? [died.signal] : [died.signal, signal];
  try {
    return await QmpClient.connect(socket, { timeoutMs, signal: AbortSignal.any(signals) });
  } catch (error) {
    signal?.throwIfAborted();
    // A dying QEMU closes its monitor some moments before it is gone.
    const how = await Promise.race([qemu.exited.then(describeExit), delay(LAST_WORDS_MS)]);
    throw new MachineStartFailed(how ?? "does not answer", logTail(log), log, error);
  }
}

/** Reports each way a running machine can end. */
function follow(
  machine: { qemu: ProcessHandle; qmp: QmpClient; serial: SerialWatch; qemuLog: string },
  onFatal: (found: MachineFatal | undefined) => void,
): void {
  const { qemu, qmp, serial, qemuLog } = machine;
  qmp.on("event", (event) => {
    // The console knows better why, and may be a moment behind.
    const found = fatalEvent(event);
    if (found !== undefined) serial.flush();
    onFatal(found);
    if (event.event === "STOP") fatalStop(qmp).then(onFatal, () => undefined);
  });
  void qemu.exited.then((exit) => {
    serial.flush();
    onFatal(fatalExit(exit, logTail(qemuLog)));
  });
}

/** What QEMU said last; nothing when the log is gone, with the directory it was in. */
function logTail(file: string): string[] {
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  return lastLines(text, 20)
    .filter((line) => !EXPECTED_WARNINGS.some((known) => known.test(line)))
    .slice(-5);
}
