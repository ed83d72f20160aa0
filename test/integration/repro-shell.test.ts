/** Costs one clone with a paused guest, a quarter of a minute under emulation. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { xenloop } from "../cli/run-xenloop.ts";

t.setTimeout(0);

t.test("a shell in the host of a known issue finds its guest", async (t) => {
  const out = mkdtempSync(join(tmpdir(), "xenloop-repro-"));
  t.teardown(() => rmSync(out, { recursive: true, force: true }));
  const { exitCode, stdout, stderr } = await xenloop(["repro", "K64", "--shell", "--out", out], {
    stdin: "pipe",
    input: "virsh -c xen:///system list --name\nhostname\n",
  });
  t.equal(exitCode, 0, stderr);
  t.match(stdout, /^k64$/m, "the paused guest is still there");
  t.match(stdout, /K64: .*\n.*\n +debian-12: confirmed/, "and what was seen is told");
});
