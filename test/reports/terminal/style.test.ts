import t from "tap";
import { duration } from "../../../reports/terminal/style.ts";

for (const [ms, text] of [
  [0, "0.0s"],
  [-5, "0.0s"],
  [949, "0.9s"],
  [9_949, "9.9s"],
  [9_950, "10s"],
  [59_499, "59s"],
  [59_500, "1m00s"],
  [92_400, "1m32s"],
  [3_599_600, "1h00m"],
  [3_725_000, "1h02m"],
] as const) {
  t.test(`${ms} ms is ${text}`, async (t) => {
    t.equal(duration(ms), text);
  });
}
