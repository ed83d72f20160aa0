import t from "tap";
import { replayCommand, reproCommand, rerunCommand } from "../../reports/rerun.ts";
import { RESULT } from "./github/fixtures/publishing.ts";

const cell = { ...RESULT.cells[0]!, id: "pv[h]", scenario: "pv", host: "h", axes: {}, tags: [] };
const issue = { ...cell, id: "k05-vpc[h]", scenario: "k05-vpc", tags: ["known-issue"] };

t.test("a cell, by what is shortest and means it alone", async (t) => {
  t.equal(rerunCommand(cell), "./xenloop run pv --host h");
  t.equal(
    rerunCommand({ ...cell, id: "pv[h,a=b]", axes: { a: "b" } }),
    "./xenloop run 'pv[h,a=b]'",
  );
  t.equal(rerunCommand(issue), "./xenloop repro K05 --host h");
});

t.test("a name of unknown origin stays one word of the shell", async (t) => {
  const hostile = { ...cell, id: "a'; rm -rf ~ #\n[h]", scenario: "a'" };
  t.equal(rerunCommand(hostile), `./xenloop run 'a'\\''; rm -rf ~ # [h]'`);
  t.equal(replayCommand(hostile, "u"), `./xenloop replay 'u' 'a'\\''; rm -rf ~ # [h]'`);
});

t.test("reproducers together, unless another cell is among them", async (t) => {
  const other = { ...issue, scenario: "k06-emulator", host: "g" };
  t.equal(reproCommand([issue, other]), "./xenloop repro K05 K06 --host h,g");
  t.equal(reproCommand([issue, cell]), undefined);
  t.equal(reproCommand([]), undefined);
  t.equal(replayCommand(issue, "u"), "./xenloop repro K05 --host h");
});

t.test("a cell that another command ran tells that one", async (t) => {
  const own = { ...cell, command: "./xenloop check --libvirt\ndebian" };
  t.equal(rerunCommand(own), "./xenloop check --libvirt debian");
  t.equal(replayCommand(own, "somewhere"), rerunCommand(own));
});
