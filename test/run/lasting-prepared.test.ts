import { join } from "node:path";
import t, { type Test } from "tap";
import { SshTransport, type SshTarget } from "../../harness/channel/ssh-transport.ts";
import { ownKit } from "../../harness/host/guest-kit.ts";
import { LastingPrepared, type LastingOptions } from "../../harness/run/lasting-prepared.ts";
import { planned } from "../events/fixtures/streams.ts";
import { host } from "../plan/make.ts";

const BIN = ["host", "channel"].map((part) => join(import.meta.dirname, `../${part}/fixtures/bin`));
const target: SshTarget = {
  ...{ host: "lab.example.org", port: 22, user: "root", identityFile: "/keys/lab" },
  ...{ sudo: false, knownHosts: "own" },
};
const cell = planned("pv-boot", "debian-12");
const { signal } = new AbortController();

/** A host that lasts, which is this machine by a program that stands in for ssh. */
async function prepared(t: Test, renew?: LastingOptions["renew"]): Promise<LastingPrepared> {
  const before = { ...process.env };
  const path = [...BIN, process.env["PATH"]].join(":");
  Object.assign(process.env, { PATH: path, SSH_LOG: "/dev/null", FIXTURE_XEN: "4.17" });
  t.teardown(() => (process.env = before));
  const transport = await SshTransport.connect(target, { signal });
  t.teardown(() => transport.close());
  const facts = {
    xen_version: "4.17",
    libvirt_version: "9.0.0",
    dom0_kernel: "",
    virt_caps: "",
    xen_commandline: "",
  };
  const found = { hostname: "lab", cpuModel: "", facts, hasKit: true, guests: [] };
  const own = { spec: host("debian-12"), backend: "vagrant", target, transport, found } as const;
  const rest = { kit: ownKit(""), timeFactor: 1, emulated: true, console: undefined };
  return new LastingPrepared({ ...own, ...rest, renew });
}

t.test("a host that cannot be renewed gets no cell that may break it", async (t) => {
  const host = await prepared(t);
  const start = { directory: t.testdirName, cell, signal };
  t.equal((await host.start(start)).started, "found");
  const breaks = { ...cell, tags: ["known-issue"] };
  await t.rejects(host.start({ ...start, cell: breaks }), {
    code: "HOST_LASTS",
    message: /^debian-12 cannot be brought back/,
  });
});

t.test("one that can is renewed before each cell but the first", async (t) => {
  let times = 0;
  const host = await prepared(t, async () => {
    times += 1;
    const transport = await SshTransport.connect(target, { signal });
    t.teardown(() => transport.close());
    return transport;
  });
  const start = { directory: t.testdirName, cell: { ...cell, tags: ["known-issue"] }, signal };
  t.equal((await host.start(start)).started, "clone");
  t.equal(times, 0);
  await host.start(start);
  t.equal(times, 1);
  const failing = await prepared(t, () => Promise.reject(new Error("no such snapshot")));
  await failing.start(start);
  await t.rejects(failing.start(start), /no such snapshot/);
});
