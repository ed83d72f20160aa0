import type { MachineFatal } from "./serial-patterns.ts";

/** A console that is silent for so long has said what it had to say. */
const SILENT_MS = 1_000;
/** And one that never falls silent is listened to for so long. */
const PATIENCE_MS = 8_000;

/**
 * Holds back what a console told of its machine's end until it falls silent: the registers and
 * the stack that follow an oops say why, and a machine that is killed at once never prints them.
 */
export class LastWords {
  readonly #tell: (fatal: MachineFatal) => void;
  #found: MachineFatal | undefined;
  #silence: NodeJS.Timeout | undefined;
  #patience: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(tell: (fatal: MachineFatal) => void) {
    this.#tell = tell;
  }

  /** The console told of an end; the first such line counts. */
  begin(fatal: MachineFatal): void {
    if (this.#found !== undefined || this.#closed) return;
    this.#found = fatal;
    this.#patience = setTimeout(() => this.end(fatal), PATIENCE_MS);
    this.line();
  }

  /** The console said something more. */
  line(): void {
    const found = this.#found;
    if (found === undefined || this.#closed) return;
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.end(found), SILENT_MS);
  }

  /** Nothing more will come: tells what the console said first, or else this. */
  end(fatal: MachineFatal): void {
    if (this.#closed) return;
    this.close();
    this.#tell(this.#found ?? fatal);
  }

  /** Nobody listens any more. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#silence);
    clearTimeout(this.#patience);
  }
}
