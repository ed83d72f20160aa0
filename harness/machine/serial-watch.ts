import { closeSync, fstatSync, openSync, readSync, watch } from "node:fs";
import { StringDecoder } from "node:string_decoder";
import { printable } from "../base/terminal-codes.ts";
import { SerialClassifier, type MachineFatal } from "./serial-patterns.ts";

/** Network file systems tell inotify nothing; there a console is this much behind. */
const POLL_MS = 500;
const CHUNK_BYTES = 64 * 1024;
const REMEMBERED_LINES = 200;

export interface SerialListeners {
  /** Each complete line, without colours, carriage returns and other control characters. */
  onLine?: (line: string) => void;
  onFatal?: (fatal: MachineFatal) => void;
}

export interface SerialWatch {
  /** Reads what has been written up to now, instead of at the next notice. */
  flush(): void;
  /** The last lines, with an unfinished one such as a login prompt. */
  lastLines(count: number): string[];
  /** Flushes, and forgets the listeners. */
  close(): void;
}

/** Follows a console's log file, which is created when it is not there yet. */
export function watchSerial(path: string, listeners: SerialListeners): SerialWatch {
  const file = openSync(path, "a+");
  const chunk = Buffer.alloc(CHUNK_BYTES);
  const classifier = new SerialClassifier();
  const recent: string[] = [];
  let decoder = new StringDecoder("utf8");
  let offset = 0;
  let partial = "";
  let closed = false;

  const report = (fatal: MachineFatal | undefined) => {
    if (fatal !== undefined) listeners.onFatal?.(fatal);
  };
  const take = (raw: string) => {
    const line = printable(raw);
    recent.push(line);
    if (recent.length > REMEMBERED_LINES) recent.shift();
    listeners.onLine?.(line);
    report(classifier.push(line));
  };
  const flush = () => {
    if (closed) return;
    if (fstatSync(file).size < offset) {
      // QEMU truncates the file when it opens it.
      offset = 0;
      partial = "";
      decoder = new StringDecoder("utf8");
    }
    for (;;) {
      const count = readSync(file, chunk, 0, chunk.length, offset);
      if (count === 0) return;
      offset += count;
      const lines = (partial + decoder.write(chunk.subarray(0, count))).split("\n");
      partial = lines.pop() ?? "";
      for (const line of lines) take(line);
    }
  };

  const watcher = watch(path, flush);
  const timer = setInterval(flush, POLL_MS).unref();
  return {
    flush,
    lastLines: (count) =>
      (partial === "" ? recent : [...recent, printable(partial)]).slice(-Math.max(count, 0)),
    close() {
      if (closed) return;
      flush();
      report(classifier.finish());
      closed = true;
      watcher.close();
      clearInterval(timer);
      closeSync(file);
    },
  };
}
