/** Costs one clone and the begin of an image build, about a minute under emulation. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import t, { type Test } from "tap";
import { ROOT, XENLOOP } from "../cli/run-xenloop.ts";
import { SHARED_CACHE } from "./image-cache.ts";

t.setTimeout(0);

const SKIPS = join(ROOT, "test/fixtures/scenarios/body-skips.ts");
const skip = process.getuid?.() === 0 ? false : "only root mounts a small file system";

/** Runs a script beside a small file system at `$FULL`, which nobody else sees. */
async function onSmallDisk(t: Test, size: string, script: string) {
  const full = mkdtempSync(join(tmpdir(), "xenloop-full-"));
  t.teardown(() => rmSync(full, { recursive: true, force: true }));
  const mount = `mount -t tmpfs -o size=${size} xenloop-test "$FULL"`;
  const { exitCode, all } = await execa(
    "unshare",
    ["--mount", "sh", "-euc", `${mount}\n${script}`],
    {
      env: { FULL: full, XENLOOP, SKIPS, PACKAGES: join(SHARED_CACHE, "packages"), NO_COLOR: "1" },
      stdin: "ignore",
      reject: false,
      all: true,
    },
  );
  return { exitCode, said: all };
}

t.test(
  "a full disk under the cache ends the run, and leaves no part of an image",
  { skip },
  async (t) => {
    const { exitCode, said } = await onSmallDisk(
      t,
      "24m",
      `mkdir "$FULL/packages" && mount --bind "$PACKAGES" "$FULL/packages"
     XENLOOP_CACHE=$FULL "$XENLOOP" run "$SKIPS" --host debian-12 --out "$FULL/runs" || code=$?
     echo left: $(find "$FULL/store" "$FULL/scratch" "$FULL/work" -type f)
     exit $code`,
    );
    t.equal(exitCode, 2, said);
    t.match(said, /no space is left for images in .*\(STORE_FULL\)/);
    t.match(said, /→ xenloop clean, or point XENLOOP_CACHE at a larger disk/, "with the way out");
    t.match(said, /^left:$/m);
  },
);

t.test(
  "a full disk under the results is named, and the cell keeps its verdict",
  { skip },
  async (t) => {
    const { exitCode, said } = await onSmallDisk(
      t,
      "32k",
      `"$XENLOOP" run "$SKIPS" --host debian-12 --out "$FULL"`,
    );
    t.equal(exitCode, 2, said);
    t.match(said, /1 skipped/, "the verdict is told");
    t.match(said, /\[(REPORT|EVENTS)_UNWRITABLE\]/);
    t.notMatch(said, /UNEXPECTED/);
  },
);
