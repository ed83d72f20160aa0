import t from "tap";
import { accelProfile } from "../../harness/machine/cpu-profile.ts";
import { boxVagrantfile } from "../../harness/vagrant/box-vagrantfile.ts";
import { ownVagrantfile } from "../../harness/vagrant/own-vagrantfile.ts";

const spec = { name: "debian-12", title: "Debian 12", memoryMiB: 3072, vcpus: 2 };
const emulated = accelProfile("tcg", "7.2");

t.test("it asks of the machine what Xen needs, and says why", async (t) => {
  const text = boxVagrantfile({ spec, emulated, ownKey: false });
  t.match(text, `libvirt.qemuargs :value => "${emulated.cpu}"`);
  t.match(text, "libvirt.memory = 3072");
  t.match(text, "config.ssh.insert_key = true");
  for (const { setting, why } of emulated.quirks) {
    if (emulated.cpu.split(",").includes(setting)) t.match(text, `#   ${setting}: ${why}`);
  }
});

t.test("a key of the builder's own is not replaced", async (t) => {
  t.match(boxVagrantfile({ spec, emulated, ownKey: true }), "config.ssh.insert_key = false");
});

t.test("paths with characters that mean something to Ruby", async (t) => {
  const paths = { pool: "/it's #{here}", serial: "/a\\b" };
  const machine = {
    box: "x/y",
    letter: "k",
    vcpus: 2,
    port: 4022,
    identityFile: "/k",
    cpu: emulated.cpu,
    ...paths,
  };
  const text = ownVagrantfile(machine);
  t.match(text, String.raw`storage_pool_path = '/it\'s #{here}'`);
  t.match(text, String.raw`:path => '/a\\b'`);
  t.match(text, `config.vm.define "k"`);
  t.match(text, "hostfwd=tcp:127.0.0.1:4022-:22");
  t.match(text, `qemuargs :value => '-cpu'\n    libvirt.qemuargs :value => '${emulated.cpu}'`);
  t.notMatch(ownVagrantfile({ ...machine, cpu: undefined }), "-cpu");
});
