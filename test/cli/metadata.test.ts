import { join } from "node:path";
import t from "tap";
import { ROOT, xenloop } from "./run-xenloop.ts";

const CAPABILITIES = join(ROOT, "test/openstack/capabilities/debian-12.xml");

t.test("each step is shown", async (t) => {
  const hvm = await xenloop(["metadata", "-p", "vm_mode=hv", "--capabilities", CAPABILITIES]);
  t.equal(hvm.exitCode, 0);
  t.match(hvm.stdout, /^image      vmMode=hvm$/m);
  t.match(hvm.stdout, /^scheduling chosen: the host offers i686 xen hvm$/m);
  const note =
    "Nova 22 itself reports nothing of this host: it has no name for libvirt's guest type xenpvh";
  t.match(hvm.stdout, `\n           ${note}\n`);
  t.match(hvm.stdout, /^ +<os>\n +<type>hvm<\/type>\n +<loader>/m);

  const none = await xenloop(["metadata", "--json"]);
  t.equal(none.exitCode, 0);
  t.match(JSON.parse(none.stdout), { mode: "xen", scheduling: { chosen: true } });
  t.equal(JSON.parse(none.stdout).scheduling.note, undefined, "any Xen host has no PVH guests");
  const asked = await xenloop(["metadata", "--json", "--capabilities", CAPABILITIES]);
  t.equal(asked.exitCode, 0, "a note is no failure");
  t.match(JSON.parse(asked.stdout), { scheduling: { chosen: true, note } });
});

t.test("an image for other hosts is not scheduled", async (t) => {
  const { exitCode, stdout } = await xenloop(["metadata", "-p", "hypervisor_type=kvm"]);
  t.equal(exitCode, 1);
  t.match(stdout, /^scheduling not chosen: the host does not offer kvm$/m);
});

t.test("wrong usage", async (t) => {
  for (const [args, code, message] of [
    [["-p", "vm_mode=pvh"], "IMAGE_PROPERTY_INVALID", /vm_mode is "pvh"/],
    [["-p", "vm_mod=hvm"], "USAGE_INVALID", /is not NAME=VALUE with one of vm_mode/],
    [["-p", "hw_vif_model=virtio"], "HARDWARE_UNSUPPORTED", /hw_vif_model "virtio" for Xen/],
    [["--boot"], "USAGE_INVALID", /--boot needs --host/],
    [["--host", "debian-12", "--capabilities", "a"], "USAGE_INVALID", /both say which host/],
    [["--host", "debian-99"], "HOST_UNKNOWN", /debian-99/],
    [["--host", "debian-12", "-p", "vm_mode=pvh"], "IMAGE_PROPERTY_INVALID", /vm_mode is "pvh"/],
    [["--capabilities", "none.xml"], "USAGE_INVALID", /none\.xml cannot be read/],
  ] as const) {
    const { exitCode, stderr } = await xenloop(["metadata", ...args]);
    t.equal(exitCode, 64, args.join(" "));
    t.match(stderr, `[${code}]`);
    t.match(stderr, message);
  }
});
