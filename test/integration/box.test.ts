/**
 * Makes a box and boots its disk once; the host that then runs, and that nobody knows, is the one
 * that scenarios are run on by ssh: two minutes and a half under emulation.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { runTool } from "../../harness/base/process.ts";
import type { RunResult } from "../../harness/events/result.ts";
import { xenloop } from "../cli/run-xenloop.ts";
import { bootBox } from "./booted-box.ts";

t.setTimeout(0);

/** Paused, so that it takes no time of the processors; xl of Xen 4.17 reads no pipe. */
const FOREIGN_GUEST =
  "printf '%s\\n' 'name=\"foreign\"' 'type=\"pv\"' \"kernel='/boot/vmlinuz-$(uname -r)'\" 'memory=128' > /root/foreign.cfg && xl create -p /root/foreign.cfg";

t.test("a box boots by itself, and virsh answers in it", async (t) => {
  const directory = t.testdir({});
  const key = join(directory, "key");
  await runTool(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key]);
  const box = join(directory, "debian-12.box");
  const argv = ["image", "box", "debian-12", "--out", box, "--key", `${key}.pub`, "--yes"];
  const made = await xenloop(argv);
  t.equal(made.exitCode, 0, made.stderr);
  t.match(made.stdout, `vagrant box add --name xenloop/debian-12 ${box}`);

  const parts = join(directory, "parts");
  await mkdir(parts);
  await runTool(["tar", "--extract", `--file=${box}`, `--directory=${parts}`]);
  const metadata: unknown = JSON.parse(await readFile(join(parts, "metadata.json"), "utf8"));
  t.match(metadata, { provider: "libvirt", format: "qcow2", virtual_size: 8 });

  const { ssh, target } = await bootBox(t, join(parts, "box.img"), key);
  const run = async (...words: string[]) => {
    const { stdout, stderr, exitCode } = await ssh.exec(words);
    t.equal(exitCode, 0, `${words.join(" ")}: ${stderr}`);
    return stdout;
  };
  t.match(
    await run("virsh", "--connect", "xen:///system", "version"),
    /Running hypervisor: Xen 4\.17/,
  );
  t.match(await run("xl", "info"), /^virt_caps +: pv hvm/m);
  t.match(await run("ip", "-4", "-brief", "address", "show", "xenbr0"), /10\.0\.2\.15\/24/);
  t.match(await run("df", "--output=size", "--block-size=1G", "/"), / 8\n/, "its disk is a box's");
  const failed = await run("systemctl", "--failed", "--no-legend");
  t.equal(failed, "", "no unit failed");

  // A foreign guest, and nothing of ours: the host is somebody's Xen machine.
  await run("sh", "-c", `mv /usr/lib/xenloop /root/gone && ${FOREIGN_GUEST}`);
  const known = join(directory, "known_hosts");
  const scan = ["ssh-keyscan", "-p", String(target.port), "127.0.0.1"];
  await writeFile(known, (await runTool(scan, { timeoutMs: 60_000 })).stdout);
  const lab = { backend: "ssh", address: "127.0.0.1", port: target.port, key, knownHosts: known };
  await writeFile(join(directory, "xenloop.config.yaml"), JSON.stringify({ hosts: { lab } }));
  const scenarios = async (...words: string[]) => {
    const ran = await xenloop(
      ["run", ...words, "--host", "lab", "--reporter", "json=result.json"],
      {
        cwd: directory,
      },
    );
    const result = JSON.parse(await readFile(join(directory, "result.json"), "utf8")) as RunResult;
    return { ...ran, cells: result.cells };
  };

  const refused = await scenarios("pv-boot");
  t.equal(refused.exitCode, 2, refused.stderr);
  const reason = "host lab runs 1 guest(s) that are not of this run: foreign";
  t.match(refused.cells, [{ status: "error", reason, code: "HOST_IN_USE" }]);

  const allowed = await scenarios("pv-boot", "migration-pv", "--yes");
  t.equal(allowed.exitCode, 0, `${allowed.stdout}${allowed.stderr}`);
  const [pv, pair] = ["pv-boot", "migration-pv"].map((name) =>
    allowed.cells.find(({ scenario }) => scenario === name),
  );
  t.match(pv, {
    status: "passed",
    facts: { backend: "ssh", xen_version: /^4\.17/, libvirt_version: "9.0.0", guest_type: "PV" },
  });
  t.match(pair, { status: "skipped", reason: /pairs of hosts/ });
  t.match(
    await run("xl", "list"),
    /^Domain-0 .*\nforeign .*\n$/m,
    "the others' guest, and no other",
  );
  t.equal(await run("sh", "-c", "ls -d /var/lib/xenloop* || true"), "", "no file is left");
});
