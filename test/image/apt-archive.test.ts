import { join } from "node:path";
import t from "tap";
import { findProgram } from "../../harness/base/process-path.ts";
import { parsePrintUris, parseSourceUris } from "../../harness/image/apt-archive.ts";
import { resolveLock } from "../../harness/image/host-lock.ts";
import { BASE, LocalArchive } from "./local-archive.ts";

const SUM = "0123456789abcdef".repeat(4);

t.test("reads what apt-get --print-uris prints", (t) => {
  const text = [
    "Reading package lists...",
    `'http://mirror.invalid/pool/z/zlib1g_1.2.13.deb' zlib1g_1%3a1.2.13.dfsg-1_amd64.deb 86464 SHA256:${SUM}`,
    `'file:/srv/x%20y/adduser.deb' adduser_3.134_all.deb 183272 SHA256:${SUM} `,
    `'http://mirror.invalid/old.deb' old_1_amd64.deb 12 MD5Sum:${SUM.slice(32)}`,
    "",
  ].join("\n");
  t.same(parsePrintUris(text), [
    { name: "adduser", version: "3.134", architecture: "all", bytes: 183272, sha256: SUM },
    {
      name: "zlib1g",
      version: "1:1.2.13.dfsg-1",
      architecture: "amd64",
      bytes: 86464,
      sha256: SUM,
    },
  ]);
  t.end();
});

t.test("reads what apt-get source --print-uris prints", (t) => {
  const line = (name: string) =>
    `'http://mirror.invalid/pool/x/${name}' ${name} 5537 SHA256:${SUM}`;
  const text = `Reading package lists...\n${line("x_1-2.dsc")}\n${line("x_1.orig.tar.xz")}\n`;
  t.same(
    parseSourceUris(text),
    ["x_1-2.dsc", "x_1.orig.tar.xz"].map((name) => ({
      uri: `http://mirror.invalid/pool/x/${name}`,
      file: { name, bytes: 5537, sha256: SUM },
    })),
  );
  t.end();
});

t.test("a mirror's updates and security archive are taken where they exist", async (t) => {
  const root = t.testdir();
  const scratch = join(root, "scratch");
  const main = new LocalArchive(join(root, "debian"));
  const security = new LocalArchive(join(root, "debian-security"));
  const tool = (version: string) => ({ name: "tool", version });
  await main.publish("bookworm", [...BASE, tool("1")]);
  const spec = main.host(["tool"]);
  const version = async () => {
    const { packages, releaseDates } = await resolveLock(spec, scratch);
    const { version } = packages.find(({ name }) => name === "tool")!;
    return [version, ...Object.keys(releaseDates)];
  };
  t.same(await version(), ["1", "bookworm"]);
  await security.publish("bookworm-security", [tool("1+deb12u1")]);
  t.same(await version(), ["1+deb12u1", "bookworm", "bookworm-security"]);
  await main.publish("bookworm-updates", [tool("2")]);
  t.same(await version(), ["2", "bookworm", "bookworm-security", "bookworm-updates"]);
});

const noGpg = ["gpg", "gpgconf"].every((tool) => findProgram(tool))
  ? false
  : "gpg is not installed";

// apt asks unsigned indexes for no date.
t.test("an index past its date is only taken from a snapshot", { skip: noGpg }, async (t) => {
  // This machine may have turned the check off for all of apt.
  const plain = 'Dir::Etc::main "/dev/null"; Dir::Etc::parts "/dev/null";\n';
  const root = t.testdir({ "apt.conf": plain });
  const before = process.env["APT_CONFIG"];
  process.env["APT_CONFIG"] = join(root, "apt.conf");
  t.teardown(() => {
    if (before === undefined) delete process.env["APT_CONFIG"];
    else process.env["APT_CONFIG"] = before;
  });
  const scratch = join(root, "scratch");
  const archive = new LocalArchive(join(root, "archive"));
  const old = "Date: Mon, 01 Jan 2024 00:00:00 UTC\nValid-Until: Mon, 08 Jan 2024 00:00:00 UTC\n";
  await archive.publish("bookworm", [...BASE, { name: "tool", version: "1" }], old);
  const key = await archive.sign("bookworm");
  const spec = {
    ...archive.host(["tool"]),
    mirror: `[signed-by=${key}] file:${archive.directory}`,
  };
  await t.rejects(resolveLock(spec, scratch), { code: "ARCHIVE_UNREACHABLE" });
  const lock = await resolveLock({ ...spec, allowExpiredRelease: true }, scratch);
  t.same(lock.releaseDates, { bookworm: "2024-01-01T00:00:00.000Z" });
});

t.test("a package that nobody has is a matter of the host's file", async (t) => {
  const root = t.testdir();
  const archive = new LocalArchive(join(root, "archive"));
  await archive.publish("bookworm", BASE);
  await t.rejects(resolveLock(archive.host(["nonesuch"]), join(root, "scratch")), {
    code: "IMAGE_BUILD_FAILED",
    message: /nonesuch/,
    hint: /images\/hosts\/fake\.ts/,
  });
});
