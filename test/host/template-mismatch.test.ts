import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { sha256Json } from "../../harness/base/hash.ts";
import { whyRefused } from "../../harness/host/template-mismatch.ts";
import { Store } from "../../harness/image/store.ts";

const INPUTS = { format: 2, host: "debian-12", image: "a1", argv: ["-m", "3072"], qemu: "7.2" };

async function storeWith(root: string, inputs: Record<string, unknown>): Promise<Store> {
  const store = new Store(root);
  await store.ensure({
    kind: "template",
    key: sha256Json(inputs),
    inputs,
    build: (directory) => writeFile(join(directory, "ram"), "memory"),
  });
  return store;
}

t.test("a template of another QEMU has another key, and the reason is told", async (t) => {
  const store = await storeWith(t.testdir({}), INPUTS);
  const other = { ...INPUTS, qemu: "9.1" };
  t.equal(await store.get("template", sha256Json(other)), undefined, "it is not used");
  const key = sha256Json(INPUTS).slice(0, 12);
  const refused = (inputs: Record<string, unknown>) => whyRefused(store, "debian-12", inputs);
  t.equal(await refused(other), `template ${key} is refused: another QEMU binary`);
  t.match(await refused({ ...other, argv: ["-m", "4096"] }), /another machine, QEMU binary$/);
  t.match(await refused({ ...INPUTS, accel: "kvm" }), /another accelerator$/);
});

t.test("templates of other hosts are nobody's reason", async (t) => {
  const store = await storeWith(t.testdir({}), INPUTS);
  t.equal(await whyRefused(store, "debian-13", { ...INPUTS, host: "debian-13" }), undefined);
});
