import { join } from "node:path";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { execa } from "execa";
import t, { type Test } from "tap";
import { XENLOOP, xenloop } from "./run-xenloop.ts";

const VAGRANT = join(import.meta.dirname, "../vagrant/fixtures/bin");
const SSH = join(import.meta.dirname, "../channel/fixtures/bin");
const CONFIG = "hosts:\n  focal:\n    backend: vagrant\n    vagrantfile: Vagrantfile\n";

/** A project with the host of a Vagrantfile, whose `vagrant` does as told. */
function projectWith(t: Test, fixture: string) {
  const cwd = t.testdir({ "xenloop.config.yaml": CONFIG, Vagrantfile: "", log: "", ssh: "" });
  const log = join(cwd, "log");
  const env = {
    PATH: [VAGRANT, SSH, process.env["PATH"]].join(":"),
    XENLOOP_CACHE: join(cwd, "cache"),
    ...{ FIXTURE: fixture, FIXTURE_LOG: log, SSH_LOG: join(cwd, "ssh") },
  };
  const calls = async () => (await readFile(log, "utf8")).trim().split("\n");
  return { cwd, env, calls };
}

async function shellOn(t: Test, fixture: string) {
  const { cwd, env, calls } = projectWith(t, fixture);
  const told = await xenloop(["shell", "focal", "--", "echo", "from inside"], { cwd, env });
  const ssh = await readFile(join(cwd, "ssh"), "utf8");
  return { ...told, calls: await calls(), ssh };
}

t.test("a host of a Vagrantfile is brought up for it, and destroyed", async (t) => {
  const { exitCode, stdout, stderr, calls, ssh } = await shellOn(t, "works");
  t.equal(exitCode, 0, stderr);
  t.equal(stdout, "from inside");
  t.match(ssh, /-p 2222|Port=2222/);
  t.match(ssh, /sudo -n -- echo 'from inside'$/m, "as root, as in a run");
  t.match(calls, [/^status/, /^up/, /^ssh-config/, /^destroy --force/]);
});

t.test("one that ran before stays", async (t) => {
  const { exitCode, stdout, calls } = await shellOn(t, "runs");
  t.equal(exitCode, 0);
  t.equal(stdout, "from inside");
  t.match(calls, [/^status/, /^ssh-config/]);
  t.equal(calls.length, 2);
});

t.test("one that does not come up says why", async (t) => {
  const { exitCode, stderr, calls } = await shellOn(t, "fails");
  t.not(exitCode, 0);
  t.match(stderr, /Error while connecting to Libvirt/);
  t.match(stderr, /\[VAGRANT_FAILED\]/);
  const [, named = ""] = /less (\S+vagrant\.log)/.exec(stderr) ?? [];
  t.match(await readFile(named, "utf8"), /no socket/, "what it names is there");
  t.match(calls.at(-1), /^destroy/);
});

t.test("a signal that only xenloop gets ends the shell, and its host goes", async (t) => {
  const { cwd, env, calls } = projectWith(t, "works");
  const command = ["shell", "focal", "--", "sh", "-c", "echo there; exec sleep 600"];
  const shell = execa(XENLOOP, command, { cwd, env, reject: false, stdin: "ignore" });
  await once(shell.stdout, "data");
  shell.kill("SIGTERM");
  const { exitCode, stderr } = await shell;
  t.equal(exitCode, 130, stderr);
  t.match((await calls()).at(-1), /^destroy --force/);
});
