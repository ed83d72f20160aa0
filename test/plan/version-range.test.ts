import t from "tap";
import { canBeInRange, inRange, parseVersionRange } from "../../harness/plan/version-range.ts";

t.test("full versions", async (t) => {
  for (const [version, range, expected] of [
    ["4.17.5", ">=4.17", true],
    ["4.17.5", ">=4.14 <4.17.5", false],
    ["4.20.4-pre", ">=4.14 <4.20", false],
    ["4.9.0", "<4.14", true],
    ["4.20~rc3", ">=4.20", false],
    ["9.0.0", "=9.0.0", true],
    ["10.0.0", ">9.0.0", true],
    ["9.0.0", ">= 9.0.0", true],
  ] as const) {
    t.equal(inRange(version, range), expected, `${version} in ${range}`);
  }
});

t.test("what a host promises is a prefix", async (t) => {
  for (const [prefix, range, expected] of [
    ["4.17", ">=4.17", true],
    ["4.17", ">4.17", true],
    ["4.17", "<4.17", false],
    ["4.17", ">=4.17.3", true],
    ["4.17", "<4.17.3", true],
    ["4.17", ">=4.18", false],
    ["4.17", ">=4.14 <4.20", true],
    ["4.20", ">=4.14 <4.20", false],
    ["4.1", ">=4.14", false],
    ["9.0.0", ">9.0.0", false],
  ] as const) {
    t.equal(canBeInRange(prefix, range), expected, `${prefix} in ${range}`);
  }
});

t.test("what is no range", async (t) => {
  for (const wrong of ["", "4.17", ">=", ">=x", ">=4.17, <5", "~4.17", ">=4.17 || <3"]) {
    t.throws(() => parseVersionRange(wrong), { code: "VERSION_RANGE_INVALID" }, `"${wrong}"`);
  }
});
