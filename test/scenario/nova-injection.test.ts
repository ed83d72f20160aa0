import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { runTool } from "../../harness/base/process.ts";
import { INJECTION, promisedFiles } from "../../harness/scenario/injected-guest.ts";
import {
  guestfishScript,
  injectionSteps,
  mountedScript,
} from "../../harness/scenario/nova-injection.ts";

t.test("below a mount point the files become what the guest must read", async (t) => {
  const root = mkdtempSync(join(tmpdir(), "xenloop-injection-"));
  t.teardown(() => rmSync(root, { recursive: true, force: true }));
  mkdirSync(join(root, "etc"));
  writeFileSync(
    join(root, "etc/shadow"),
    "root:*:19000:0:99999:7:::\ndaemon:*:19000:0:99999:7:::\n",
  );
  // Owners are for root alone to give.
  const steps = injectionSteps(INJECTION).filter(({ does }) => does !== "own");
  await runTool(["sh", "-c", mountedScript(steps), "sh", root], { timeoutMs: 10_000 });
  for (const [path, content] of Object.entries(promisedFiles(INJECTION))) {
    t.equal(readFileSync(join(root, path), "utf8"), content, path);
  }
  t.equal(statSync(join(root, "root/.ssh")).mode & 0o777, 0o700);
  t.equal(statSync(join(root, "root/.ssh/authorized_keys")).mode & 0o777, 0o600);
});

t.test("a key comes behind those that are there", async (t) => {
  const root = mkdtempSync(join(tmpdir(), "xenloop-injection-"));
  t.teardown(() => rmSync(root, { recursive: true, force: true }));
  mkdirSync(join(root, "root/.ssh"), { recursive: true });
  const keys = join(root, "root/.ssh/authorized_keys");
  writeFileSync(keys, "ssh-rsa AAAA earlier\n");
  const steps = injectionSteps(INJECTION).filter(({ does }) => does === "append");
  await runTool(["sh", "-c", mountedScript(steps), "sh", root], { timeoutMs: 10_000 });
  t.equal(
    readFileSync(keys, "utf8"),
    `ssh-rsa AAAA earlier\n\n# The following ssh key was injected by Nova\n${INJECTION.key}\n`,
  );
});

t.test("guestfish is told the same, in its own words", async (t) => {
  const lines = guestfishScript(injectionSteps(INJECTION), "/tmp/s").trim().split("\n");
  t.strictSame(
    lines.map((line) => line.split(" ")[0]),
    [
      ...["mkdir-p", "chown", "chmod", "write-append", "chmod"],
      ...["download", "!sed", "upload", "write"],
    ],
  );
  t.match(lines.at(-1), String.raw`write /etc/xenloop-guest "a file that Nova injects\n"`);
});
