import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import t, { type Test } from "tap";
import { EventBus } from "../../harness/events/bus.ts";
import { SshBackend, targetOf } from "../../harness/run/ssh-backend.ts";
import { host } from "../plan/make.ts";

const XEN = join(import.meta.dirname, "../host/fixtures/bin");
const SSH = join(import.meta.dirname, "../channel/fixtures/bin");
const place = {
  backend: "ssh" as const,
  ...{ address: "lab.example.org", port: 22, user: "root", key: "/keys/lab" },
};

/** Asks a host that is this machine with such programs; the answer is why it is not taken. */
async function refusal(t: Test, env: Record<string, string>, mayShare = false) {
  const before = { ...process.env };
  const path = [XEN, SSH, process.env["PATH"]].join(":");
  Object.assign(process.env, { PATH: path, SSH_LOG: "/dev/null", ...env });
  const asked: string[][] = [];
  const backend = new SshBackend({
    ...{ cache: t.testdirName, timeFactor: 1, bus: new EventBus() },
    signal: new AbortController().signal,
    mayShare: async (name, guests) => {
      asked.push([name, ...guests]);
      return mayShare;
    },
    kitImage: () => Promise.reject(new Error("its kit is asked for")),
  });
  try {
    const error: unknown = await backend.prepare({ ...host("lab"), place }).then(
      () => undefined,
      (found: unknown) => found,
    );
    await backend.close();
    const removed = await readFile(env["FIXTURE_REMOVED"] ?? "", "utf8").catch(() => "");
    return { error, asked, removed };
  } finally {
    process.env = before;
  }
}

/** xenconsoled as it would run there. */
async function consoles(t: Test, ...args: string[]): Promise<void> {
  const daemon = spawn(join(XEN, "xenconsoled"), args);
  t.teardown(() => daemon.stdin.end());
  await once(daemon.stdout, "data");
}

/** Of a dom0, or of the same test run by somebody else at this moment. */
async function hasConsoles(): Promise<boolean> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const names = pids.map((pid) => readFile(`/proc/${pid}/comm`, "utf8").catch(() => ""));
  return (await Promise.all(names)).includes("xenconsoled\n");
}

t.test("a host that does not answer", async (t) => {
  const { error } = await refusal(t, { SSH_DOWN: "1" });
  t.match(error, {
    code: "HOST_UNREACHABLE",
    message: /^host lab cannot be reached: ssh does not reach lab.example.org: .*refused/,
    hint: /^ssh -p 22 -i \/keys\/lab root@lab.example.org/,
  });
});

t.test("a host that is Xen's in name only", async (t) => {
  const { error } = await refusal(t, { FIXTURE_XEN: "" });
  t.match(error, { code: "HOST_NOT_XEN", message: /Xen does not tell its version/ });
});

t.test("a host that logs no guest's console", async (t) => {
  if (await hasConsoles()) return t.comment("not asked: this machine has a xenconsoled of its own");
  await consoles(t, "--pid-file=/run/x");
  const { error } = await refusal(t, { FIXTURE_XEN: "4.18.1" });
  t.match(error, { code: "HOST_UNFIT", hint: /XENCONSOLED_TRACE=guest/ });
});

t.test("a host where others have guests", async (t) => {
  await consoles(t, "--log=guest");
  const note = join(t.testdir({}), "removed");
  const env = { FIXTURE_XEN: "4.18.1", FIXTURE_GUESTS: "mail web", FIXTURE_REMOVED: note };
  const { error, asked, removed } = await refusal(t, env);
  t.equal(removed, "", "what was not taken is not touched");
  t.match(error, {
    code: "HOST_IN_USE",
    message: "host lab runs 2 guest(s) that are not of this run: mail, web",
    hint: /--yes/,
  });
  t.same(asked, [["lab", "mail", "web"]]);
  const allowed = await refusal(t, env, true);
  t.match(allowed.error, { message: "its kit is asked for" }, "with leave it goes on");
  t.equal(allowed.removed, "-rf /var/lib/xenloop\n", "and leaves nothing");
});

t.test("who is not root says sudo", async (t) => {
  t.match(targetOf(place), { host: "lab.example.org", sudo: false, knownHosts: "own" });
  const other = targetOf({ ...place, user: "ada", knownHosts: "/h" });
  t.match(other, { user: "ada", sudo: true, knownHosts: { file: "/h" } });
});
