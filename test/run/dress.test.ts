import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { XenloopError } from "../../harness/base/error.ts";
import { EventBus } from "../../harness/events/bus.ts";
import { ResultBuilder } from "../../harness/events/reduce.ts";
import type { PlannedCell } from "../../harness/events/schema.ts";
import type { RunningHost } from "../../harness/host/running-host.ts";
import { dressHosts, endJudged, type Dress } from "../../harness/run/dress.ts";
import type { Observation } from "../../harness/verdict/observation.ts";

const cell: PlannedCell = {
  ...{ id: "build[a]", scenario: "build", host: "a", axes: {}, title: "It builds", tags: [] },
  deadlineSeconds: 0,
};

t.test(
  "a cell that needs no host ends with its verdict, its evidence and what is said of it",
  async (t) => {
    const runPath = t.testdir({ "some.log": "the log\n" });
    const bus = new EventBus();
    const result = new ResultBuilder();
    bus.subscribe((event) => result.add(event));
    bus.emit("planned", { cells: [cell] });
    const verdict = { status: "failed" as const, reason: "it does not build", code: "X" };
    const evidence = { build: join(runPath, "some.log") };
    await endJudged(cell, { ...verdict, ms: 7, evidence, comments: ["odd"] }, { bus, runPath });
    const ended = result.cell(cell.id);
    t.match(ended, { ...verdict, comments: ["odd"] });
    const [item] = ended.attempts[0]!.evidence;
    t.equal(item?.kind, "build");
    writeFileSync(join(runPath, "some.log"), "another\n");
    t.equal(readFileSync(join(runPath, item!.path), "utf8"), "the log\n", "a copy of its own");
  },
);

const noHosts: readonly RunningHost[] = [{} as RunningHost];
const dressThat = (apply: Dress["apply"]): Dress => ({
  prepare: () => Promise.resolve(),
  bootOf: (_cell, spec) => spec,
  judge: () => undefined,
  apply,
});

t.test(
  "what is put on a host and breaks it fails the cell; the machine's faults do not",
  async (t) => {
    const failing = (kind: "assertion" | "infra") =>
      dressThat(() => Promise.reject(new XenloopError("it is dead", { code: "DEAD", kind })));
    const seen: Observation = { interrupted: false, assertions: [] };
    t.equal(await dressHosts(failing("assertion"), cell, noHosts, seen), undefined);
    t.match(seen.thrown, { kind: "assertion", message: "it is dead", code: "DEAD" });
    await t.rejects(dressHosts(failing("infra"), cell, noHosts, seen), { code: "DEAD" });
    const fine = dressThat(() => Promise.resolve({ build: "new" }));
    t.same(await dressHosts(fine, cell, noHosts, seen), { build: "new" });
  },
);
