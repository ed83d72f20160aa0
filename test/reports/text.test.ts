import fc from "fast-check";
import t from "tap";
import { plainLine, plainText } from "../../reports/text.ts";

const codeUnit = fc.nat({ max: 0xffff }).map((code) => String.fromCharCode(code));

for (const [name, text, expected] of [
  ["colours", "\u001b[1;31mred\u001b[0m", "red"],
  ["titles", "\u001b]0;title\u0007text", "text"],
  ["cursor movements", "\u001b[2J\u001b[Htext", "text"],
  ["bells and nulls", "a\u0007\0b", "ab"],
  ["line ends", "a\r\nb\rc\n", "a\nb\nc\n"],
  ["tabs are kept", "a\tb", "a\tb"],
  ["lone surrogates", "a\ud800b 😀", "a\ufffdb 😀"],
] as const) {
  t.test(`plain text: ${name}`, async (t) => {
    t.equal(plainText(text), expected);
  });
}

t.test("a line is one line, and no longer than asked", async (t) => {
  t.equal(plainLine("a\r\nb\n"), "a b");
  t.equal(plainLine("abcdef", 4), "abc…");
  t.equal(plainLine("\u001b[31mabcd\u001b[0m", 4), "abcd");
  t.equal(plainLine("x".repeat(10_000_000), 80).length, 80);
});

t.test("no control character survives", async () => {
  fc.assert(
    fc.property(fc.string({ unit: codeUnit }), fc.nat({ max: 60 }), (text, max) => {
      const line = plainLine(text, max + 1);
      return !/[\0-\x08\x0a-\x1f\x7f-\x9f]/.test(line) && line.length <= max + 1;
    }),
  );
});
