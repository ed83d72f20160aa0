import { text } from "node:stream/consumers";
import t from "tap";
import { EscapeKeys } from "../../harness/cli/escape-keys.ts";

async function typed(...chunks: string[]) {
  let escapes = 0;
  const keys = new EscapeKeys(() => (escapes += 1));
  for (const chunk of chunks) keys.write(chunk);
  keys.end();
  return { passed: await text(keys), escapes };
}

t.test("~. at the beginning of a line ends it, and goes nowhere", async (t) => {
  t.same(await typed("~."), { passed: "", escapes: 1 });
  t.same(await typed("ls\r", "~", "."), { passed: "ls\r", escapes: 1 });
});

t.test("everything else is passed on as it is", async (t) => {
  for (const keys of ["ls ~.\r", "\r~/bin\r", "ü\r\x03~x", "a~.", "\r~"]) {
    t.same(await typed(...keys), { passed: keys, escapes: 0 }, JSON.stringify(keys));
  }
  t.same(await typed("~~.\r"), { passed: "~.\r", escapes: 0 }, "~~ is one of them");
});
