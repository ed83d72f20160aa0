import { writeFileSync, chmodSync } from "node:fs";
import { mkdir, open, truncate } from "node:fs/promises";
import { join } from "node:path";
import t, { type Test } from "tap";
import { runTool } from "../../harness/base/process.ts";
import { buildDisk } from "../../harness/image/disk.ts";
import { editFileSystem, filesBelow } from "../../harness/vagrant/file-system-edit.ts";

const MIB = 2 ** 20;

/** A disk with one partition, a small file system with /etc/motd and /etc/old; and its name for e2fsprogs. */
async function smallDisk(t: Test) {
  const directory = t.testdir({ root: { etc: { motd: "before", old: "x" } } });
  const archive = join(directory, "root.tar");
  const argv = ["tar", "--create", "--format=ustar", `--file=${archive}`, "."];
  await runTool(argv, { cwd: join(directory, "root") });
  const partition = join(directory, "partition");
  await buildDisk({ archives: [archive], megabytes: 4, output: partition });
  const disk = join(directory, "disk");
  await (await open(disk, "w")).close();
  await truncate(disk, 5 * MIB);
  await runTool(["dd", `if=${partition}`, `of=${disk}`, "bs=1M", "seek=1", "status=none"]);
  return { directory, device: `${disk}?offset=${MIB}` };
}

t.test("files come, change and go, and the file system stays sound", async (t) => {
  const { directory, device } = await smallDisk(t);
  await mkdir(join(directory, "new/etc/deep/er"), { recursive: true });
  writeFileSync(join(directory, "new/etc/motd"), "after");
  writeFileSync(join(directory, "new/etc/deep/er/file"), "deep");
  chmodSync(join(directory, "new/etc/deep/er/file"), 0o600);
  const files = await filesBelow(join(directory, "new"), (path) =>
    path.endsWith("motd") ? "755" : "644",
  );
  const edits = [
    ...files,
    { kind: "link" as const, path: "/etc/wants/a.service", target: "/lib/a.service" },
    { kind: "remove" as const, path: "/etc/old" },
  ];
  const script = join(directory, "script");
  await editFileSystem(device, edits, script);
  const ask = async (request: string) => {
    const { stdout, stderr } = await runTool(["debugfs", "-R", request, device]);
    return `${stdout}${stderr}`;
  };
  t.match(await ask("cat /etc/motd"), /^after/);
  t.match(await ask("cat /etc/deep/er/file"), /^deep/);
  t.match(await ask("stat /etc/motd"), /Type: regular +Mode: +0755/);
  t.match(await ask("stat /etc/deep/er/file"), /Mode: +0644 [^]*User: +0 +Group: +0 /);
  t.match(await ask("stat /etc/wants/a.service"), /Fast link dest: "\/lib\/a.service"/);
  t.match(await ask("stat /etc/old"), /File not found/);
  await editFileSystem(device, edits, script);
  t.pass("again: what is there, or gone, is no failure, and loses nothing");
});

t.test("a source that is missing", async (t) => {
  const { directory, device } = await smallDisk(t);
  const edit = { kind: "file" as const, path: "/etc/a", source: "/nowhere" };
  await t.rejects(editFileSystem(device, [edit], join(directory, "script")), {
    code: "IMAGE_BUILD_FAILED",
    message: /the disk's files: .*nowhere/,
  });
});
