import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import type { StartHostOptions } from "../../harness/host/running-host.ts";
import { StoredTemplate } from "../../harness/host/stored-template.ts";
import { Store } from "../../harness/image/store.ts";
import { cloneOrBoot } from "../../harness/run/clone-or-boot.ts";

t.test("no clone is tried of a template that one before it could not load", async (t) => {
  const store = new Store(t.testdir());
  const entry = await store.ensure({
    ...{ kind: "template", key: "aa", inputs: {} },
    build: (directory) => writeFile(join(directory, "state"), "registers"),
  });
  const template = new StoredTemplate(store, entry);
  await template.giveUp("it is cut off");
  const told: string[] = [];
  const booted = cloneOrBoot(template, {} as StartHostOptions, {
    boot: () => Promise.reject(new Error("a host is booted")),
    onFallback: (why) => told.push(`after a clone: ${why}`),
    onUntried: (why) => told.push(why),
  });
  await t.rejects(booted, { message: "a host is booted" });
  t.same(told, ["it is cut off"]);
});
