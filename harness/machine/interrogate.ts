import { createConnection, type Socket } from "node:net";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { messageOf } from "../base/error.ts";
import type { RunningMachine } from "./machine.ts";

/** File name of what the monitor answered. */
export const MONITOR_ANSWERS = "qmp.txt";

/** What QEMU's monitor is asked: does the machine run, and where are its processors? */
const QUESTIONS = [
  { command: "query-status" },
  { command: "query-cpus-fast" },
  {
    command: "human-monitor-command",
    arguments: { "command-line": "info registers -a" },
  },
] as const;

/** Ctrl-O and a letter is dom0's sysrq: say it all on the console, tasks that wait, processors. */
const SYSRQ = ["\u000f9", "\u000fw", "\u000fl"];
/** Ctrl-A three times hands the keyboard from dom0 to Xen, or back. */
const SWITCH = "\u0001\u0001\u0001";
/** Xen's debug keys: dom0's registers, run queues, domains, the processors' registers. */
const DEBUG_KEYS = ["0", "r", "q", "d"];

const ANSWER_MS = 10_000;
/** A console that has said nothing for this long has said it all. */
const SILENCE_MS = 1500;
const LONGEST_MS = 30_000;

/**
 * Asks a machine that came to a stall where it is, before anybody gives it up: QEMU's monitor
 * into `qmp.txt` in `directory`, dom0's kernel and Xen over the serial line, so that their answers
 * stand in its log. Never throws: a machine that does not answer says that much.
 */
export async function interrogate(
  machine: Pick<RunningMachine, "qmp" | "serialSocket">,
  directory: string,
  timeFactor: number,
): Promise<void> {
  const answers: string[] = [];
  for (const question of QUESTIONS) {
    const { command } = question;
    const args = "arguments" in question ? question.arguments : undefined;
    answers.push(`# ${command}`);
    try {
      const answer = await machine.qmp.execute(command, args, { timeoutMs: ANSWER_MS });
      answers.push(typeof answer === "string" ? answer : JSON.stringify(answer, null, 2));
    } catch (error) {
      answers.push(messageOf(error));
    }
  }
  await writeFile(join(directory, MONITOR_ANSWERS), `${answers.join("\n")}\n`).catch(ignore);
  await askConsole(machine.serialSocket, timeFactor).catch(ignore);
}

async function askConsole(path: string, timeFactor: number): Promise<void> {
  const socket = createConnection(path);
  try {
    for (const keys of [...SYSRQ, SWITCH, ...DEBUG_KEYS, SWITCH]) {
      socket.write(keys);
      await silence(socket, timeFactor);
    }
  } finally {
    socket.destroy();
  }
}

/** Until the line says nothing more. */
async function silence(socket: Socket, timeFactor: number): Promise<void> {
  const until = performance.now() + LONGEST_MS * timeFactor;
  let said = true;
  const listen = (): void => {
    said = true;
  };
  socket.on("data", listen);
  try {
    while (said && performance.now() < until && !socket.destroyed) {
      said = false;
      await delay(SILENCE_MS * timeFactor);
    }
  } finally {
    socket.off("data", listen);
  }
}

function ignore(): void {
  // What cannot be asked or written leaves no answer.
}
