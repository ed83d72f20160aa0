import t from "tap";
import { LastWords } from "../../harness/machine/last-words.ts";
import type { MachineFatal } from "../../harness/machine/serial-patterns.ts";

const oops: MachineFatal = { layer: "dom0", kind: "oops", sentence: "oops", line: "Oops: [#1]" };
const panic: MachineFatal = { layer: "dom0", kind: "panic", sentence: "panic", line: "panic" };
const death: MachineFatal = { layer: "machine", kind: "death", sentence: "death", line: "" };

t.test(
  "an oops is told when the console has fallen silent, and the first one counts",
  async (t) => {
    let lines = 0;
    const { found, heard } = await new Promise<{ found: MachineFatal; heard: number }>(
      (resolve) => {
        const words = new LastWords((fatal) => resolve({ found: fatal, heard: lines }));
        words.begin(oops);
        const trace = setInterval(() => {
          lines += 1;
          words.line();
          if (lines === 3) words.begin(panic);
          if (lines === 5) clearInterval(trace);
        }, 50);
      },
    );
    t.equal(found, oops);
    t.equal(heard, 5, "after the whole trace");
  },
);

t.test("a machine that dies meanwhile is told at once, for the console's reason", async (t) => {
  const told: MachineFatal[] = [];
  const words = new LastWords((fatal) => told.push(fatal));
  words.begin(oops);
  words.end(death);
  words.end(death);
  t.same(told, [oops]);
});

t.test("without a word on the console the death itself is told", async (t) => {
  const told: MachineFatal[] = [];
  new LastWords((fatal) => told.push(fatal)).end(death);
  t.same(told, [death]);
});

t.test("a machine that is being stopped tells nothing, and leaves no timer", async (t) => {
  const words = new LastWords(() => t.fail("told"));
  words.begin(oops);
  words.close();
  words.begin(panic);
  words.line();
  words.end(death);
});
