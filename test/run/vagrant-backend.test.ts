import { readFile } from "node:fs/promises";
import { join } from "node:path";
import t, { type Test } from "tap";
import { EventBus } from "../../harness/events/bus.ts";
import type { RunEvent } from "../../harness/events/schema.ts";
import { Workspace } from "../../harness/host/workspace.ts";
import { accelProfile } from "../../harness/machine/cpu-profile.ts";
import { Store } from "../../harness/image/store.ts";
import { VagrantBackend } from "../../harness/run/vagrant-backend.ts";
import { ended } from "../channel/agent-process.ts";
import { host } from "../plan/make.ts";

const VAGRANT = join(import.meta.dirname, "../vagrant/fixtures/bin");
const SSH = join(import.meta.dirname, "../channel/fixtures/bin");
/** 600 s for `vagrant up` are 0.9 s then. */
const HASTE = 0.0015;

/** A backend whose `vagrant` does as told, and the host of a Vagrantfile that exists. */
async function backendWith(t: Test, fixture: string, path = [VAGRANT, SSH, process.env["PATH"]]) {
  const directory = t.testdir({ Vagrantfile: "", log: "", ssh: "" });
  const before = { ...process.env };
  const log = join(directory, "log");
  Object.assign(process.env, {
    ...{ PATH: path.join(":"), FIXTURE: fixture, FIXTURE_LOG: log },
    SSH_LOG: join(directory, "ssh"),
  });
  t.teardown(() => (process.env = before));
  const bus = new EventBus();
  const events: RunEvent[] = [];
  bus.subscribe((event) => events.push(event));
  const workspace = await Workspace.create(directory);
  t.teardown(() => workspace[Symbol.asyncDispose]());
  const never = () => Promise.reject(new Error("no image is asked for"));
  const backend = new VagrantBackend({
    ...{
      cache: directory,
      runPath: directory,
      workspace,
      bus,
      profile: accelProfile("tcg", "7.2"),
    },
    store: new Store(join(directory, "store")),
    timeFactor: fixture === "hangs" ? HASTE : 1,
    signal: new AbortController().signal,
    ...{ mayShare: async () => false, kitImage: never, image: never },
  });
  const vagrantfile = join(directory, "Vagrantfile");
  const spec = { ...host("mine"), place: { backend: "vagrant" as const, vagrantfile } };
  const calls = async () => (await readFile(log, "utf8")).trim().split("\n");
  return { backend, spec, calls, events, log };
}

t.test("one that fails is quoted, and what it has made goes", async (t) => {
  const { backend, spec, calls } = await backendWith(t, "fails");
  await t.rejects(backend.prepare(spec), {
    code: "VAGRANT_FAILED",
    kind: "infra",
    message:
      "vagrant up --machine-readable fails: Error while connecting to Libvirt: no socket at all, it seems",
    hint: /less .*templates\/mine\/vagrant\.log/,
  });
  await backend.close();
  t.match(await calls(), [/^status/, /^up/, "destroy --force --machine-readable"]);
});

t.test("one that hangs is ended with all that it started", async (t) => {
  const { backend, spec, calls, log } = await backendWith(t, "hangs");
  await t.rejects(backend.prepare(spec), {
    code: "VAGRANT_TIMEOUT",
    message: /up .* does not end within 1 s; its last words: ==> default: Waiting for domain/,
  });
  await ended(Number(await readFile(`${log}.pid`, "utf8")));
  await backend.close();
  t.match((await calls()).at(-1), /^destroy/);
});

t.test("one that prints rubbish", async (t) => {
  const { backend, spec } = await backendWith(t, "rubbish");
  await t.rejects(backend.prepare(spec), {
    code: "VAGRANT_UNREADABLE",
    message: /vagrant status does not tell the state of any machine; it says: segfault/,
  });
  await backend.close();
});

t.test("one that tells half of how to get in", async (t) => {
  const { backend, spec } = await backendWith(t, "half");
  const message = "vagrant ssh-config does not tell the machine's Port; it says: Host default";
  await t.rejects(backend.prepare(spec), { code: "VAGRANT_UNREADABLE", message });
  await backend.close();
});

t.test("one that is missing", async (t) => {
  const { backend, spec } = await backendWith(t, "fails", [t.testdir({})]);
  await t.rejects(backend.prepare(spec), {
    code: "VAGRANT_MISSING",
    message: /needs the program vagrant, which is not installed/,
    hint: /apt-get install .* vagrant vagrant-libvirt/,
  });
  await backend.close();
});

t.test("a Vagrantfile of several machines", async (t) => {
  const { backend, spec } = await backendWith(t, "several");
  const message = /does not tell of one machine, but of several/;
  await t.rejects(backend.prepare(spec), { code: "VAGRANT_UNREADABLE", message });
  await backend.close();
});

t.test("a machine that ran before, and is no Xen host, is left as it was", async (t) => {
  const { backend, spec, calls, events } = await backendWith(t, "runs");
  await t.rejects(backend.prepare(spec), {
    code: "HOST_NOT_XEN",
    // Both are asked at once, and a machine without Xen may well have virsh.
    message: /^host mine is not a Xen host with libvirt: (?:xl|virsh) .*exits with (?:127|1)/,
  });
  await backend.close();
  t.match(await calls(), [/^status/, "ssh-config"]);
  t.match(events.filter(({ type }) => type === "phase-ended").at(-1), {
    phase: "ask",
    failed: true,
  });
  t.same(
    events.filter(({ type }) => type === "warning"),
    [],
  );
});
