import { spawnSync } from "node:child_process";
import fc from "fast-check";
import t from "tap";
import { shq } from "../../harness/channel/shell-quote.ts";

/** Words a shell would like to see in its own way. */
const word = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.string({ unit: fc.constantFrom(..."'\"\\$`!*?[]{}()<>|&;#~= \n\t-aé") }),
);
const argvs = fc.array(
  fc.array(
    word.map((text) => text.replaceAll("\0", "")),
    { minLength: 1, maxLength: 6 },
  ),
  { minLength: 200, maxLength: 200 },
);

const shells = [["sh"], ["dash"], ["bash"], ["busybox", "sh"]].filter(
  ([program = "", ...args]) => spawnSync(program, [...args, "-c", ":"]).status === 0,
);

for (const [program = "", ...args] of shells) {
  t.test(`${[program, ...args].join(" ")} reads back every word`, async (t) => {
    // Many argvs for one shell: starting it is what costs.
    for (const argv of fc.sample(argvs, 5)) {
      const script = argv.map((words) => `printf '%s\\0' ${shq(words)}; printf '\\0'`).join("\n");
      const { stdout } = spawnSync(program, args, { input: script, encoding: "utf8" });
      const expected = argv.map((words) => `${words.join("\0")}\0\0`).join("");
      t.equal(stdout, expected);
    }
  });
}

t.test("plain words stay readable", async (t) => {
  t.equal(shq(["virsh", "dumpxml", "--inactive", "pv-1"]), "virsh dumpxml --inactive pv-1");
  t.equal(shq("it's"), `'it'\\''s'`);
  t.equal(shq(""), "''");
  t.equal(shq(["A=b"]), "'A=b'", "else the shell assigns");
});
