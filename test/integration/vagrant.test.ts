/** One boot by Vagrant and two guests, two minutes under emulation; only where Vagrant is installed. */
import { readdir, readFile } from "node:fs/promises";
import t from "tap";
import { findProgram } from "../../harness/base/process-path.ts";
import { VAGRANT_PACKAGES } from "../../harness/vagrant/errors.ts";
import { withSbin } from "../../harness/vagrant/private-libvirt.ts";
import { LiveRun } from "./live-run.ts";

t.setTimeout(0);

const needed = ["vagrant", "libvirtd"];
const lacking = needed.filter((name) => !findProgram(name, withSbin(process.env["PATH"])));
const skip = lacking.length > 0 && `no ${lacking.join(", ")}: ${VAGRANT_PACKAGES.join(" ")}`;

t.test("the main job on a host that Vagrant brings up", { skip }, async (t) => {
  const run = new LiveRun(t, ["--backend", "vagrant", "--host", "debian-12"]);
  t.equal(await run.exited, 0, run.lines.slice(-20).join("\n"));
  for (const [scenario, type] of [
    ["pv-boot", "PV"],
    ["hvm-boot", "HVM"],
  ] as const) {
    const { status, facts, attempts } = run.cell(scenario);
    // Emulation spoils an HVM guest now and then; the attempt is repeated, and counted.
    t.match(status, /^(?:passed|flaky)$/);
    t.match(facts, { backend: "vagrant", guest_type: type, libvirt_version: "9.0.0" });
    const kinds = attempts.flatMap(({ evidence }) => evidence.map(({ kind }) => kind));
    t.ok(kinds.includes("boot-serial"), "the console of its boot is evidence of each cell");
    t.ok(kinds.includes("guest-console"));
  }
  t.same(await left(run.child.pid ?? 0), [], "no daemon and no machine is left");
});

/** Pids of processes that use the sockets or the workspace of a run. */
async function left(owner: number): Promise<string[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const texts = await Promise.all(
    pids.map(async (pid) => {
      const files = ["cmdline", "environ"].map((name) => readFile(`/proc/${pid}/${name}`, "utf8"));
      return (await Promise.all(files.map((text) => text.catch(() => "")))).join("");
    }),
  );
  const own = new RegExp(`/xenloop-${owner}-|/work/${owner}-`);
  return pids.filter((_, index) => own.test(texts[index] ?? ""));
}
