import t from "tap";
import { parseConfig } from "../../harness/config/parse.ts";
import { placedHosts } from "../../harness/config/placed-hosts.ts";

const config = (text: string) => ({ path: "/etc/c.yaml", ...parseConfig(text, "c.yaml") });
const placed = (text: string) => placedHosts(config(text), ["debian-12"]);

t.test("a machine that is reached by ssh", async (t) => {
  const [lab] = placed("hosts:\n  lab: { backend: ssh, address: 192.0.2.7, key: keys/lab }");
  const place = { backend: "ssh", address: "192.0.2.7", port: 22, user: "root" };
  t.strictSame(lab?.place, { ...place, key: "/etc/keys/lab" }, "paths start at the file");
  t.match(lab, { name: "lab", title: "root@192.0.2.7, by ssh", expect: { xen: "", libvirt: "" } });
});

t.test("a Vagrantfile and a box", async (t) => {
  const text =
    "hosts:\n  a: { backend: vagrant, vagrantfile: V }\n  b: { backend: vagrant, box: x/y }";
  t.strictSame(
    placed(text).map(({ place }) => place),
    [
      { backend: "vagrant", vagrantfile: "/etc/V" },
      { backend: "vagrant", box: "x/y" },
    ],
  );
});

t.test("hosts of images/hosts/ are none of them", async (t) => {
  t.strictSame(placed("hosts:\n  debian-12: { vcpus: 4 }"), []);
});

for (const [entry, message] of [
  ["lab: { backend: ssh }", "c.yaml:2:10: hosts.lab.backend: ssh needs address, too"],
  [
    "lab: { backend: ssh, address: a, key: k, vcpus: 2 }",
    /2:44: hosts.lab.vcpus: does not go with/,
  ],
  ["lab: { backend: vagrant }", /2:10: .* vagrant needs box or vagrantfile, too/],
  ["lab: { address: a }", /2:10: hosts.lab.address: goes with backend: ssh or/],
  ["debian-12: { backend: ssh, address: a, key: k }", /give this one a name of its own/],
] as const) {
  t.test(entry, async (t) => {
    t.throws(() => placed(`hosts:\n  ${entry}`), { code: "CONFIG_INVALID", message });
  });
}
