import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { runTool } from "../../harness/base/process.ts";
import { newSshKey } from "../../harness/host/ssh-key.ts";

t.test("ssh-keygen reads the key and finds the same public one in it", async (t) => {
  const dir = t.testdir({});
  // Comments of other lengths are padded otherwise.
  for (const comment of ["debian-12", "b", "host-of-a-pair"]) {
    const key = newSshKey(comment);
    const path = join(dir, comment);
    writeFileSync(path, key.privateKey, { mode: 0o600 });
    const { stdout } = await runTool(["ssh-keygen", "-y", "-f", path], { timeoutMs: 10_000 });
    t.equal(`${stdout}\n`, key.publicKey);
    const signed = join(dir, `${comment}.text`);
    writeFileSync(signed, "text");
    await runTool(["ssh-keygen", "-q", "-Y", "sign", "-f", path, "-n", "file", signed]);
    t.match(readFileSync(`${signed}.sig`, "utf8"), /BEGIN SSH SIGNATURE/, "and signs with it");
  }
});

t.test("no two keys are equal", (t) => {
  t.not(newSshKey("a").publicKey, newSshKey("a").publicKey);
  t.end();
});
