import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { isRoot } from "../../harness/base/root.ts";
import { createContext, type CliContext } from "../../harness/cli/context.ts";
import { ensurePackages, installCommands, missingPackages } from "../../harness/cli/packages.ts";
import { NEEDED_PACKAGES } from "../../harness/config/debian-packages.ts";
import { ROOT } from "./run-xenloop.ts";

t.test("what is missing is found by program or file", async (t) => {
  const bin = t.testdir({ qemu: { "qemu-img": "" } });
  await chmod(join(bin, "qemu/qemu-img"), 0o755);
  const names = (options: Parameters<typeof missingPackages>[1]) =>
    missingPackages({ PATH: join(bin, "qemu") }, options).map(({ name }) => name);
  const asUser = names({ root: false });
  t.notOk(asUser.includes("qemu-utils"));
  t.ok(asUser.includes("qemu-system-x86"));
  t.ok(asUser.includes("uidmap"), "an ordinary user needs id maps");
  t.notOk(names({ root: true }).includes("uidmap"));
  t.ok(names({ root: true, use: "tests" }).includes("python3"));
});

t.test("the package lists are fetched first where there are none", async (t) => {
  const lists = t.testdir({ "deb.example_dists_stable_main_binary-amd64_Packages": "" });
  const install = ["apt-get", "install", "--yes", "--no-install-recommends", "cpio"];
  t.strictSame(await installCommands(["cpio"], true, lists), [install]);
  t.strictSame(await installCommands(["cpio"], false, join(lists, "none")), [
    ["sudo", "apt-get", "update"],
    ["sudo", ...install],
  ]);
});

t.test("with --yes they are installed by apt-get", async (t) => {
  // Programs that stand for apt-get and sudo: what they were asked is what is tested.
  const log = join(t.testdir({}), "log");
  const bin = t.testdirName;
  for (const name of ["apt-get", "sudo"]) {
    await writeFile(join(bin, name), `#!/bin/sh\necho ${name} "$@" >>${log}\n`, { mode: 0o755 });
  }
  const said: string[] = [];
  const stderr = { write: (text: string) => said.push(text) > 0 };
  const ctx = createContext(
    {
      cwd: ROOT,
      env: { PATH: bin },
      stdout: process.stdout,
      stderr: stderr as unknown as CliContext["stderr"],
      signal: new AbortController().signal,
      color: false,
      verbose: false,
      root: ROOT,
      version: "0",
      argv: [],
    },
    { configFile: undefined, given: {} },
  );
  const path = process.env["PATH"];
  process.env["PATH"] = `${bin}:${path}`;
  t.teardown(() => (process.env["PATH"] = path));
  await ensurePackages(ctx, { yes: true });
  const asked = await readFile(log, "utf8");
  t.match(asked, /apt-get install --yes --no-install-recommends qemu-system-x86 qemu-utils/);
  t.match(said.join(""), "installing Debian packages: qemu-system-x86");

  await writeFile(join(bin, "apt-get"), "#!/bin/sh\necho no space >&2; exit 100\n", {
    mode: 0o755,
  });
  await writeFile(join(bin, "sudo"), '#!/bin/sh\nexec "$@"\n', { mode: 0o755 });
  await t.rejects(ensurePackages(ctx, { yes: true }), {
    code: "PACKAGES_NOT_INSTALLED",
    cause: { message: /no space/ },
  });
});

t.test("everybody else gets the command", { skip: isRoot() && "root installs" }, async (t) => {
  const ctx = { env: { PATH: "" } } as unknown as CliContext;
  await t.rejects(ensurePackages(ctx, { yes: false }), {
    code: "PACKAGES_MISSING",
    kind: "infra",
    hint: /sudo apt-get install/,
  });
});

t.test("the table", async (t) => {
  const names = NEEDED_PACKAGES.map(({ name }) => name);
  t.equal(new Set(names).size, names.length);
});
