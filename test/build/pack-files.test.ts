import { existsSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { runTool } from "../../harness/base/process.ts";
import { packFiles } from "../../harness/build/pack-files.ts";

const file = (path: string) => ({ path, bytes: Buffer.from("built"), sha256: "" });
const LIBRARY = "/usr/lib/x86_64-linux-gnu/libvirt.so.0.9000.0";

t.test("a library comes with the link by which programs find it", async (t) => {
  const folder = t.testdir({});
  const tar = join(folder, "files.tar");
  await packFiles([file(LIBRARY), file("/usr/share/libvirt/a.xml")], join(folder, "root"), tar);
  const { stdout } = await runTool(["tar", "--list", "--verbose", `--file=${tar}`], {
    timeoutMs: 10_000,
  });
  t.match(stdout, /^-rwxr-xr-x 0\/0 .*\/libvirt\.so\.0\.9000\.0$/m);
  t.match(stdout, /^lrwx.*\/libvirt\.so\.0 -> libvirt\.so\.0\.9000\.0$/m);
  t.match(stdout, /^-rw-r--r-- 0\/0 .*\/usr\/share\/libvirt\/a\.xml$/m);
});

t.test("none are an archive as well", async (t) => {
  const folder = t.testdir({});
  await packFiles([], join(folder, "root"), join(folder, "files.tar"));
  t.ok(existsSync(join(folder, "files.tar")));
});

t.test("nothing is written outside of its folder", async (t) => {
  const folder = t.testdir({ inner: {} });
  const packed = packFiles(
    [file("/usr/../../evil")],
    join(folder, "inner/root"),
    join(folder, "files.tar"),
  );
  await t.rejects(packed, { code: "NOT_OF_THE_BUILD" });
  t.notOk(existsSync(join(folder, "inner/evil")));
});
