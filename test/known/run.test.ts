import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { EventBus } from "../../harness/events/bus.ts";
import type { RunEvent } from "../../harness/events/schema.ts";
import { checkRun } from "../../harness/known/check.ts";
import { KnownIssues } from "../../harness/run/known-issues.ts";
import { issue, traces } from "./make.ts";

const planned = (scenario: string, tags: string[] = []) => ({
  ...{ id: `${scenario}[debian-12]`, scenario, title: scenario, host: "debian-12", axes: {} },
  ...{ tags, deadlineSeconds: 60 },
});

async function looked(
  status: "passed" | "failed",
  scenario: string,
  reason: string,
  tags: string[] = [],
): Promise<RunEvent[]> {
  const bus = new EventBus();
  const events: RunEvent[] = [];
  bus.subscribe((event) => void events.push(event));
  const found = traces({ reason });
  await new KnownIssues(bus).look(planned(scenario, tags), 1, status, found);
  return events;
}

t.test("a failed cell with an issue's marks is known by its id", async (t) => {
  const reason = "error: unsupported configuration: emulator '/x' not found";
  const [event] = await looked("failed", "disk-formats", reason);
  t.match(event, { type: "known-issue", cell: "disk-formats[debian-12]", issue: "K06" });
  t.same(await looked("failed", "disk-formats", "something new"), [], "no marks, no issue");
  t.same(await looked("passed", "disk-formats", reason), [], "what passed is not looked at");
});

t.test("a reproducer that passes where its issue happened asks whether it is fixed", async (t) => {
  const [event] = await looked("passed", "k06-emulator-path", "", ["known-issue"]);
  t.match(event, { type: "comment", text: /^fixed\? K06 stopped happening on debian-12/ });
});

t.test("a fingerprint that matches what passed is found", async (t) => {
  const directory = t.testdir();
  await mkdir(join(directory, "cells"));
  await writeFile(join(directory, "cells/dmesg.txt"), "all is well, as always\n");
  const cell = "pv-boot[debian-12]";
  const bodies = [
    { type: "run-started", runId: "r", harness: "0", argv: [], accel: "tcg", qemu: "9" },
    { type: "planned", cells: [planned("pv-boot")] },
    { type: "cell-started", cell, attempt: 1 },
    ...[{ path: "cells/dmesg.txt", kind: "dmesg", bytes: 1 }].map((item) => ({
      ...{ type: "evidence", cell, attempt: 1, item },
    })),
    { type: "cell-ended", cell, attempt: 1, status: "passed", reason: "", ms: 5 },
  ];
  const lines = bodies.map((body, seq) => {
    const started = body.type === "run-started" ? { timeFactor: 1, node: "v20" } : {};
    return JSON.stringify({ v: 1, seq, time: new Date(seq).toISOString(), ...started, ...body });
  });
  await writeFile(join(directory, "events.jsonl"), `${lines.join("\n")}\n`);
  const loose = issue({ affected: {}, fingerprint: [{ in: "dmesg", text: /all is well/ }] });
  const tight = issue({ affected: {}, fingerprint: [{ in: "dmesg", text: /segfault/ }] });
  const checked = await checkRun(directory, [loose, { ...tight, id: "K98" }]);
  t.equal(checked.passed, 1);
  t.same(checked.loose, [{ issue: "K99", run: "r", cell, attempt: 1 }]);
});
