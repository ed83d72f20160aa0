import { execa } from "execa";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import t from "tap";
import { historyOfCell } from "../../harness/history/cell-history.ts";
import { changesSince } from "../../harness/history/changes.ts";
import { formatLock } from "../../harness/image/lock-file.ts";
import { lockInputPath } from "../../harness/run/run-inputs.ts";
import { record } from "./fixtures/record.ts";

function keepLock(directory: string, version: string): void {
  const path = lockInputPath(directory, "debian-12");
  mkdirSync(dirname(path), { recursive: true });
  const libvirt = { name: "libvirt-daemon", version, architecture: "amd64", bytes: 1 };
  const packages = [{ ...libvirt, sha256: version }];
  const head = { host: "debian-12", format: 1, release: "bookworm", components: ["main"] };
  const made = { ...head, requested: [], releaseDates: {}, packages };
  writeFileSync(path, formatLock(made));
}

async function commit(root: string, message: string): Promise<string> {
  const git = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-C", root];
  await execa("git", [...git, "commit", "--quiet", "--allow-empty", "-m", message]);
  return (await execa("git", [...git, "rev-parse", "HEAD"])).stdout;
}

t.test("packages, commits and the scenario between the last good run and this one", async (t) => {
  const runs = t.testdir();
  const root = join(runs, "checkout");
  await execa("git", ["init", "--quiet", root]);
  const [good, bad] = [await commit(root, "one"), await commit(root, "two <b>")];
  keepLock(join(runs, "night-1"), "9.0.0-4");
  keepLock(join(runs, "now"), "9.0.0-5");
  const history = historyOfCell("pv[debian-12]", [
    record(1, { commit: good }),
    record(2, { status: "failed", commit: bad }),
  ]);
  const run = { commit: bad, locks: { "debian-12": "e" }, scenarios: { pv: "f" } };
  const options = { runs, root, run, directory: join(runs, "now") };
  const [changes] = await changesSince([history], options);
  t.match(changes, {
    run: "night-1",
    cells: ["pv[debian-12]"],
    packages: { "debian-12": ["libvirt-daemon 9.0.0-4 → 9.0.0-5"] },
    unknownLocks: [],
    scenarios: ["pv"],
  });
  t.match(changes?.commits, [/^[0-9a-f]+ two <b>$/]);
  t.equal(changes?.commits.length, 1);

  const [gone] = await changesSince([history], { ...options, runs: "/nowhere", root: "/nowhere" });
  t.match(gone, { packages: {}, unknownLocks: ["debian-12"], commits: [] });
  const equal = { commit: good, locks: { "debian-12": "c".repeat(64) } };
  const [none] = await changesSince([history], { ...options, run: equal });
  t.match(none, { packages: {}, unknownLocks: [], commits: [], scenarios: [] });
});
