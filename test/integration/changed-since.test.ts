/** Costs five clones without guests, half a minute under emulation. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import t from "tap";
import type { RunResult } from "../../harness/events/result.ts";
import { copyCheckout } from "./checkout.ts";

t.setTimeout(0);

const scenario = (id: string, assertion: string): string => `
import { appendFileSync, readFileSync } from "node:fs";
import { scenario } from "../harness/scenario/index.ts";

export default scenario(
  { title: "counts its runs", tags: [], deadline: 60 },
  async (t, { host }) => {
    await host.run(["true"]);
    const file = new URL("${id}.count", import.meta.url);
    appendFileSync(file, ".");
    t.ok(${assertion}, "it holds");
  },
);
`;

t.test("what is new in a change must pass three times", async (t) => {
  const checkout = copyCheckout(t);
  const git = (...words: string[]) =>
    execa("git", ["-c", "user.name=a", "-c", "user.email=a@localhost", ...words], {
      cwd: checkout,
    });
  writeFileSync(join(checkout, ".gitignore"), "node_modules\n");
  await git("init", "--quiet");
  await git("add", "--all");
  await git("commit", "--quiet", "--message", "base");
  writeFileSync(join(checkout, "scenarios/new-steady.ts"), scenario("new-steady", "true"));
  const secondFails = "readFileSync(file).length !== 2";
  writeFileSync(join(checkout, "scenarios/new-shaky.ts"), scenario("new-shaky", secondFails));
  await git("add", "scenarios/new-steady.ts");
  await git("commit", "--quiet", "--message", "one committed, one not");

  const run = (...words: string[]) =>
    execa(join(checkout, "xenloop"), ["run", ...words, "--out", join(checkout, "runs")], {
      reject: false,
      stdin: "ignore",
    });
  // Nothing else is chosen: no scenario has this name.
  const { exitCode, stdout, stderr } = await run(
    ...["--grep", "^$", "--changed-since", "HEAD~1", "--retries", "2", "--reporter", "line"],
  );
  t.equal(exitCode, 1, `${stdout}${stderr}`);
  const path = join(checkout, "runs/latest/result.json");
  const { cells } = JSON.parse(readFileSync(path, "utf8")) as RunResult;
  t.same(
    cells.map(({ scenario, status, attempts }) => [scenario, status, attempts.length]),
    [
      ["new-shaky", "failed", 2],
      ["new-steady", "passed", 3],
    ],
    "all three passes are asked for, and one failure is one too many",
  );

  const dry = await run("--dry-run", "--changed-since", "HEAD~1");
  t.match(dry.stdout, /new-steady\[debian-12\] +.*3 times/, "a dry run tells of it");
  t.match(dry.stdout, /pv-boot\[debian-12\]/, "beside what is chosen");
  const unknown = await run("--dry-run", "--changed-since", "no-such-branch");
  t.equal(unknown.exitCode, 64);
  t.match(unknown.stderr, /cannot compare this checkout with "no-such-branch"/);
});
