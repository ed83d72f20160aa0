import { stat } from "node:fs/promises";
import { watchSerial } from "../machine/serial-watch.ts";

/** Of a console, what a report shows. */
export const TAIL_LINES = 20;

/** The last lines of a console's log; none where there is no log. */
export async function consoleTail(path: string): Promise<string[]> {
  if (!(await stat(path).catch(() => undefined))) return [];
  const serial = watchSerial(path, {});
  serial.flush();
  const lines = serial.lastLines(TAIL_LINES);
  serial.close();
  return lines;
}
