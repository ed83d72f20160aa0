import t from "tap";
import { formatBytes, parseBytes } from "../../harness/config/bytes.ts";

t.test("sizes as people write them", async (t) => {
  for (const [text, bytes] of [
    ["40GiB", 40 * 2 ** 30],
    ["512M", 512 * 2 ** 20],
    ["1.5 GB", 1.5 * 2 ** 30],
    ["2tib", 2 ** 41],
    ["4096", 4096],
    ["", undefined],
    ["GiB", undefined],
    ["-1G", undefined],
    ["1 PiB", undefined],
  ] as const) {
    t.equal(parseBytes(text), bytes, `"${text}"`);
  }
});

t.test("sizes as people read them", async (t) => {
  t.equal(formatBytes(0), "0 B");
  t.equal(formatBytes(1023), "1023 B");
  t.equal(formatBytes(1.9 * 2 ** 30), "1.9 GiB");
  t.equal(formatBytes(40 * 2 ** 30), "40 GiB");
  t.equal(formatBytes(3000 * 2 ** 40), "3000 TiB");
});
