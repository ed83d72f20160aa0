import { Socket } from "node:net";
import { createInterface } from "node:readline";
import type { MachineAction } from "../machine/machine-control.ts";
import { ANSWER_FD, type ChildMessage, type MachineAnswer } from "./child-protocol.ts";
import { MachineRefused } from "./errors.ts";

/** In a scenario's process: what is asked of the machines, whose monitors the runner holds. */
export class MachineRequests {
  readonly #say: (message: ChildMessage) => void;
  readonly #waiting = new Map<number, (answer: MachineAnswer) => void>();
  #lastId = 0;

  /** @param gone the runner has died, and with it everything that would end this process */
  constructor(say: (message: ChildMessage) => void, gone: () => void) {
    this.#say = say;
    const socket = new Socket({ fd: ANSWER_FD, readable: true, writable: false });
    createInterface({ input: socket }).on("line", (line) => {
      const answer = JSON.parse(line) as MachineAnswer;
      this.#waiting.get(answer.id)?.(answer);
      this.#waiting.delete(answer.id);
    });
    socket.once("close", gone);
    // It must not keep alive a scenario that is over.
    socket.unref();
  }

  /** @throws {MachineRefused} */
  async ask(hostname: string, action: MachineAction): Promise<void> {
    const id = ++this.#lastId;
    const answered = new Promise<MachineAnswer>((resolve) => this.#waiting.set(id, resolve));
    this.#say({ type: "machine", id, hostname, action });
    const { error } = await answered;
    if (error !== undefined) throw new MachineRefused(hostname, action, error);
  }
}
