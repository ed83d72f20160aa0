import { closeSync, fstatSync, ftruncateSync, openSync, writeSync } from "node:fs";
import { EventsUnwritable } from "./errors.ts";
import type { RunEvent } from "./schema.ts";

export interface EventWriter {
  readonly path: string;
  /** The first thing that went wrong; the run then ends in an orderly way with code 2. */
  readonly failure: EventsUnwritable | undefined;
  /** Never throws: a listener of the bus must not stop the other listeners. */
  write(event: RunEvent): void;
  close(): void;
}

/**
 * Opens `path` for appending; throws `EventsUnwritable` when it cannot.
 *
 * Each event is one synchronous write of a whole line, so a crash of this process
 * loses at most the line it was writing. What does not fit is taken back, so that
 * the file holds whole lines only and later events may succeed once space is freed.
 *
 * @param onFailure called once, with the first failure
 */
export function openEventWriter(
  path: string,
  onFailure?: (error: EventsUnwritable) => void,
): EventWriter {
  const { fd, size } = open(path);
  let end = size;
  let closed = false;
  let failure: EventsUnwritable | undefined;

  const fail = (cause: unknown) => {
    if (failure) return;
    failure = new EventsUnwritable(path, cause);
    onFailure?.(failure);
  };

  return {
    path,
    get failure() {
      return failure;
    },
    write(event) {
      const line = Buffer.from(`${JSON.stringify(event)}\n`);
      try {
        for (let done = 0; done < line.length;) done += writeSync(fd, line, done);
        end += line.length;
      } catch (error) {
        takeBack(fd, end);
        fail(error);
      }
    },
    close() {
      if (closed) return;
      closed = true;
      try {
        closeSync(fd);
      } catch (error) {
        fail(error);
      }
    },
  };
}

function open(path: string): { fd: number; size: number } {
  try {
    const fd = openSync(path, "a");
    return { fd, size: fstatSync(fd).size };
  } catch (error) {
    throw new EventsUnwritable(path, error);
  }
}

function takeBack(fd: number, end: number): void {
  try {
    ftruncateSync(fd, end);
  } catch {
    // The write's own error is the one to report; readers tolerate a torn last line.
  }
}
