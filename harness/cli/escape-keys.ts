import { Transform, type TransformCallback } from "node:stream";

/** Passes keys on until `~.` comes at the beginning of a line, as with ssh. */
export class EscapeKeys extends Transform {
  readonly #onEscape: () => void;
  #last = "\r";
  #isHeld = false;

  constructor(onEscape: () => void) {
    super();
    this.#onEscape = onEscape;
  }

  override _transform(chunk: Buffer, _: BufferEncoding, done: TransformCallback): void {
    // Bytes, one character each: a key may come in parts.
    for (const key of chunk.toString("latin1")) this.#take(key);
    done();
  }

  override _flush(done: TransformCallback): void {
    if (this.#isHeld) this.push("~");
    done();
  }

  #take(key: string): void {
    if (this.#isHeld && key === ".") {
      this.#isHeld = false;
      return this.#onEscape();
    }
    // `~~` is one of them.
    const passed = this.#isHeld && key !== "~" ? `~${key}` : key;
    this.#isHeld = !this.#isHeld && key === "~" && /[\r\n]/.test(this.#last);
    this.#last = key;
    if (!this.#isHeld) this.push(Buffer.from(passed, "latin1"));
  }
}
