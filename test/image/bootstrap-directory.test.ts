import { chmod, mkdir, mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { bootstrapDirectory } from "../../harness/image/bootstrap-directory.ts";

t.test("below the scratch directory, unless other users cannot get there", async (t) => {
  const home = await mkdtemp(join(tmpdir(), "xenloop-home-"));
  t.teardown(() => rm(home, { recursive: true }));
  const before = process.env["TMPDIR"];
  t.teardown(() => {
    if (before === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = before;
  });
  const scratch = join(home, "cache/scratch");
  const place = async () => {
    await using directory = await bootstrapDirectory(scratch);
    t.equal((await stat(directory.path)).mode & 0o777, 0o711);
    return directory.path;
  };
  delete process.env["TMPDIR"];
  await mkdir(scratch, { recursive: true });
  for (const path of [home, join(home, "cache"), scratch]) await chmod(path, 0o755);
  const open = await place();
  t.ok(open.startsWith(`${scratch}/xenloop-rootfs-`), open);
  await t.rejects(stat(open), { code: "ENOENT" }, "it goes away");

  await chmod(join(home, "cache"), 0o700);
  t.match(await place(), /^\/var\/tmp\/xenloop-rootfs-/);
  const own = join(home, "tmp");
  await mkdir(own, { mode: 0o755 });
  await chmod(own, 0o755);
  process.env["TMPDIR"] = own;
  t.ok((await place()).startsWith(own), "the user's own choice goes before");
  await chmod(home, 0o700);
  t.match(await place(), /^\/var\/tmp\//, "where it is of use");
});
