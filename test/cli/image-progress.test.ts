import { PassThrough } from "node:stream";
import t from "tap";
import { bar, imageProgress } from "../../harness/cli/image-progress.ts";

function stream(isTTY: boolean) {
  const stderr = Object.assign(new PassThrough({ encoding: "utf8" }), { isTTY });
  return { stderr, text: () => (stderr.read() as string | null) ?? "" };
}

t.test("a log gets a line when a phase begins and one when it ends", (t) => {
  const { stderr, text } = stream(false);
  using progress = imageProgress({ stderr }, "debian-12");
  const done = progress.phase("packages");
  progress.onProgress(10, 20);
  progress.warn("debian-12 is not pinned");
  done("3 of 4 downloaded");
  const lines = text().split("\n");
  t.match(lines, [
    "debian-12: packages …",
    "warning: debian-12 is not pinned",
    /^debian-12: packages \d+\.\d s \(3 of 4 downloaded\)$/,
  ]);
  t.end();
});

t.test("a terminal gets one line that is written over", async (t) => {
  const { stderr, text } = stream(true);
  const progress = imageProgress({ stderr }, "debian-12");
  const done = progress.phase("packages");
  progress.onProgress(50 * 2 ** 20, 200 * 2 ** 20);
  let seen = "";
  while (!seen.includes("of 200 MiB")) {
    seen += text();
    await new Promise((resolve) => stderr.once("readable", resolve));
  }
  t.match(seen, /\r\x1b\[Kdebian-12: packages … \d+\.\d s {2}\[#{6}-{18}\] {2}50 MiB of 200 MiB/);
  t.notMatch(seen, "\n");
  done();
  progress[Symbol.dispose]();
  t.match(text(), /\r\x1b\[Kdebian-12: packages \d+\.\d s\n$/);
});

t.test("a bar stays in its bounds", (t) => {
  t.equal(bar(0, 100), `[${"-".repeat(24)}]  0 B of 100 B`);
  t.equal(bar(120, 100), `[${"#".repeat(24)}]  100 B of 100 B`);
  t.equal(bar(0, 0), `[${"#".repeat(24)}]  0 B of 0 B`);
  t.end();
});
