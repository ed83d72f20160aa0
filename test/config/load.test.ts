import { join } from "node:path";
import t from "tap";
import { loadConfig } from "../../harness/config/load.ts";

t.test("the file is looked for upward", async (t) => {
  const root = t.testdir({
    "xenloop.config.yaml": "jobs: 3",
    near: { "xenloop.config.yaml": "jobs: 4", deep: {} },
    far: { deep: {} },
  });
  const near = await loadConfig({ cwd: join(root, "near/deep") });
  t.equal(near.values.jobs, 4);
  t.equal(near.path, join(root, "near/xenloop.config.yaml"));
  t.equal((await loadConfig({ cwd: join(root, "far/deep") })).values.jobs, 3);
  t.equal(
    (await loadConfig({ cwd: root })).where(["jobs"]),
    "xenloop.config.yaml:1:1",
    "messages say the path as seen from here",
  );
});

t.test("a file that is asked for must be there", async (t) => {
  const root = t.testdir({ "my.yaml": "jobs: 5", directory: {} });
  t.equal((await loadConfig({ cwd: root, file: "my.yaml" })).values.jobs, 5);
  await t.rejects(loadConfig({ cwd: root, file: "none.yaml" }), {
    code: "CONFIG_UNREADABLE",
    message: /none\.yaml: there is no such file/,
  });
  await t.rejects(loadConfig({ cwd: root, file: "directory" }), { message: /it is a directory/ });
});
