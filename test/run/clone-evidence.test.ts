import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { EventBus } from "../../harness/events/bus.ts";
import { Workspace } from "../../harness/host/workspace.ts";
import { wrapUp } from "../../harness/run/cell-evidence.ts";
import { setCloneAside } from "../../harness/run/clone-evidence.ts";
import { KnownIssues } from "../../harness/run/known-issues.ts";
import { planned } from "../events/fixtures/streams.ts";

t.test("the logs of a clone that is thrown away are kept beside those of the boot", async (t) => {
  const runPath = t.testdir({
    attempt: { "serial.log": "the clone's", "qemu.log": "load of migration failed" },
  });
  const directory = join(runPath, "attempt");
  await setCloneAside(directory);
  writeFileSync(join(directory, "serial.log"), "the boot's");
  const bus = new EventBus();
  await using workspace = await Workspace.create(runPath);
  const options = {
    ...{ cell: planned("pv-boot", "debian-12"), attempt: 1, scenarioFile: "/nowhere.ts" },
    ...{ prepared: [], bus, runPath, directory, workspace, known: new KnownIssues(bus) },
    ...{ signal: new AbortController().signal, keepsGuests: false, keep: async () => false },
  };
  const { evidence } = await wrapUp(options, [], "passed");
  t.same(
    evidence.map(({ kind, path }) => [kind, path]),
    [
      ["serial", "attempt/serial.log"],
      ["clone-serial", "attempt/clone/serial.log"],
      ["clone-qemu-log", "attempt/clone/qemu.log"],
    ],
  );
  t.equal(readFileSync(join(directory, "clone/serial.log"), "utf8"), "the clone's");
});
