import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import t, { type Test } from "tap";
import { StoredTemplate } from "../../harness/host/stored-template.ts";
import { Store } from "../../harness/image/store.ts";

async function templateIn(t: Test) {
  const store = new Store(t.testdir());
  const entry = await store.ensure({
    ...{ kind: "template", key: "aa", inputs: {} },
    build: (directory) => writeFile(join(directory, "state"), "registers"),
  });
  return { store, entry, template: new StoredTemplate(store, entry) };
}

t.test("one that does not resume is given up in the store, and its files stay", async (t) => {
  const { store, template } = await templateIn(t);
  t.equal(template.unusable, undefined);
  const both = [template.giveUp("it is cut off"), template.giveUp("it is cut off, too")];
  t.equal(template.unusable, "it is cut off", "at once");
  const sentence = "the template's checksums are right; the next run makes it anew";
  t.same(await Promise.all(both), [sentence, sentence]);
  await t.rejects(store.get("template", "aa"), { message: /is given up: it is cut off$/ });
  t.equal(await readFile(template.state, "utf8"), "registers", "clones that run have it open");
});

t.test("what is damaged of it is told", async (t) => {
  const { template } = await templateIn(t);
  await writeFile(template.state, "regi\0\0\0\0\0");
  t.equal(
    await template.giveUp("it is cut off"),
    "template/aa in the image store is damaged: state does not match its checksum; " +
      "the next run makes it anew",
  );
});

t.test("one that cannot be given up in the store is not used all the same", async (t) => {
  const { store, entry, template } = await templateIn(t);
  await mkdir(entry.path(`manifest.json.${process.pid}`));
  t.match(await template.giveUp("it is cut off"), /stays, until xenloop clean --templates: EISDIR/);
  t.equal(template.unusable, "it is cut off");
  t.ok(await store.get("template", "aa"));
});
