import t from "tap";
import { explain, type Traces } from "../../harness/known/match.ts";
import type { KnownIssue } from "../../harness/spec/known-issue.ts";
import { issue, traces } from "./make.ts";

const matches = async (one: KnownIssue, left: Traces) => (await explain([one], left)) !== undefined;

t.test("every pattern must match, each in its own text", async (t) => {
  const k99 = issue({
    fingerprint: [
      { in: "reason", text: /two heads/ },
      { in: "libxl", text: /Domain N: head twice/ },
    ],
  });
  const evidence = async (kind: string): Promise<string> =>
    kind === "libxl" ? "2026-01-01 00:00:00+0000: Domain 7: head twice" : "";
  t.ok(await matches(k99, traces({ reason: "it has two heads", evidence })));
  t.notOk(await matches(k99, traces({ reason: "it has two heads" })), "the log lacks it");
  t.notOk(await matches(k99, traces({ evidence })), "the reason lacks it");
});

t.test("what an assertion found counts as the reason", async (t) => {
  const assertions = [{ ok: false, name: "one head", detail: 'found "two heads"' }];
  t.ok(await matches(issue(), traces({ assertions })));
});

t.test("a version out of the range is not affected, one nobody knows may be", async (t) => {
  const reason = "two heads";
  t.notOk(await matches(issue(), traces({ reason, facts: { libvirt_version: "11.3.0" } })));
  t.ok(await matches(issue(), traces({ reason, facts: {} })));
});

t.test("an issue without fingerprint explains nothing; the first that fits is named", async (t) => {
  const mute = issue({ id: "K97", fingerprint: [] });
  const other = issue({ id: "K98", fingerprint: [{ in: "reason", text: /three/ }] });
  const found = await explain([mute, other, issue()], traces({ reason: "two heads" }));
  t.equal(found?.id, "K99");
  t.equal(await explain([mute, other], traces({ reason: "two heads" })), undefined);
});
