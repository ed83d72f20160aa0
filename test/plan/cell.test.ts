import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import t from "tap";
import { formatCellId, isCellAddress, parseCellId, sameCell } from "../../harness/plan/cell.ts";

const name = fc.stringMatching(/^[A-Za-z0-9][\w.+-]{0,12}$/);
const axis = fc.stringMatching(/^[A-Za-z][\w-]{0,8}$/).filter((text) => text !== "__proto__");
const value = fc.stringMatching(/^[\w.+:/@-]{1,12}$/);
const address = fc.record(
  {
    scenario: name,
    host: name,
    axes: fc.dictionary(axis, value, { maxKeys: 4, noNullPrototype: true }),
  },
  { noNullPrototype: true },
);

t.test("what is formatted parses to the same cell", async (t) => {
  fc.assert(
    fc.property(address, (cell) => {
      return isCellAddress(cell) && isDeepStrictEqual(parseCellId(formatCellId(cell)), cell);
    }),
  );
  t.pass("no counterexample");
});

t.test("any text either is the id of a cell, letter by letter, or is refused", async (t) => {
  const text = fc.oneof(fc.string(), fc.stringMatching(/^[a-z[\]=,.-]{0,14}$/));
  let refused = 0;
  fc.assert(
    fc.property(text, (id) => {
      try {
        return formatCellId(parseCellId(id)) === id;
      } catch (error) {
        refused++;
        return (error as { code: string }).code === "CELL_ID_INVALID";
      }
    }),
  );
  t.ok(refused > 0);
});

t.test("the grammar", async (t) => {
  t.equal(formatCellId({ scenario: "pv-boot", host: "debian-12", axes: {} }), "pv-boot[debian-12]");
  t.strictSame(parseCellId("disk[debian-12,format=qcow2,bus=xen]"), {
    scenario: "disk",
    host: "debian-12",
    axes: { format: "qcow2", bus: "xen" },
  });
  for (const wrong of [
    "",
    "a",
    "a[]",
    "a[b",
    "[b]",
    "a[b]c",
    "a[b,c]",
    "a[b,c=]",
    "a[b,c=1,c=2]",
    "a[b c]",
  ]) {
    t.throws(() => parseCellId(wrong), { code: "CELL_ID_INVALID" }, wrong);
  }
  t.notOk(
    isCellAddress({ scenario: "a", host: "b", axes: { "1": "x" } }),
    "axes start with a letter",
  );
});

t.test("cells are the same in any order of their axes", async (t) => {
  t.ok(sameCell(parseCellId("a[b,x=1,y=2]"), parseCellId("a[b,y=2,x=1]")));
  t.notOk(sameCell(parseCellId("a[b,x=1]"), parseCellId("a[b,x=2]")));
});
