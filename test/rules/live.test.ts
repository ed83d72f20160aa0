import t from "tap";
import { HostVersionMissingError } from "../../harness/rules/errors.ts";
import { answerForHost } from "../../harness/rules/index.ts";
import { daemonVersionOf, hypervisorVersionOf, xenVersionOf } from "../../harness/rules/live.ts";

function xlInfo(extra: string): string {
  const [, major, minor, rest] = /^(\d+)\.(\d+)(.*)$/.exec(extra) ?? [];
  return `host                   : dom0
release                : 6.1.0-32-amd64
version                : #1 SMP PREEMPT_DYNAMIC Debian 6.1.129-1 (2025-03-06)
machine                : x86_64
nr_cpus                : 2
virt_caps              : pv hvm hap shadow gnttab-v1 gnttab-v2
total_memory           : 3071
free_memory            : 1479
xen_major              : ${major}
xen_minor              : ${minor}
xen_extra              : ${rest}
xen_version            : ${extra}
xen_caps               : xen-3.0-x86_64 hvm-3.0-x86_32 hvm-3.0-x86_32p hvm-3.0-x86_64
xen_scheduler          : credit2
xen_changeset          :
xen_commandline        : placeholder dom0_mem=1536M,max:1536M dom0_max_vcpus=2 console=com1
cc_compiler            : x86_64-linux-gnu-gcc (Debian 12.2.0-14) 12.2.0
xend_config_format     : 4
`;
}

function virshVersion(libvirt: string, hypervisor: string): string {
  return `Compiled against library: libvirt ${libvirt}
Using library: libvirt ${libvirt}
Using API: Xen ${libvirt}
Running hypervisor: Xen ${hypervisor}
Running against daemon: ${libvirt}

`;
}

t.test("the four hosts agree with their locks", async (t) => {
  const hosts = [
    ["4.14.6", "7.0.0", "4.14.0", "4.14.6-1", "7.0.0-3+deb11u3"],
    ["4.17.5", "9.0.0", "4.17.0", "4.17.5+72-g01140da4e8-1", "9.0.0-4+deb12u2"],
    ["4.20.4-pre", "11.3.0", "4.20.0", "4.20.3+127-gc42374a105-1", "11.3.0-3+deb13u3"],
    ["4.20.5-pre", "12.8.0", "4.20.0", "4.20.4+39-g0123456789-1", "12.8.0-1"],
  ] as const;
  for (const [xen, libvirt, hypervisor, lockedXen, lockedLibvirt] of hosts) {
    const answered = answerForHost({
      xenInfo: xlInfo(xen),
      virshVersion: virshVersion(libvirt, hypervisor),
      lock: { xen: lockedXen, libvirt: lockedLibvirt },
    });
    t.same(answered.live, { xen, libvirt, hypervisor });
    t.same(
      answered.lock.map(({ subject, agrees }) => [subject, agrees]),
      [
        ["xen", true],
        ["libvirt", true],
      ],
      lockedXen,
    );
    t.equal(answered.minimumMet, true);
    t.equal(answered.libvirt, lockedLibvirt, "the package tells more than the daemon");
    t.equal(answered.notes.length, 1);
    t.match(answered.notes[0], `virsh version says Xen ${hypervisor} for ${xen}: it never shows`);
  }
});

t.test("a host that moved on does not agree", async (t) => {
  const answered = answerForHost({
    xenInfo: xlInfo("4.17.6"),
    virshVersion: virshVersion("9.0.1", "4.17.0"),
    lock: { xen: "4.17.5+72-g01140da4e8-1", libvirt: "9.0.0-4+deb12u2" },
  });
  t.same(
    answered.lock.map(({ agrees }) => agrees),
    [false, false],
  );
  t.equal(answered.libvirt, "9.0.1", "the daemon is believed");
});

t.test("a release, no snapshot, is not the next prerelease", async (t) => {
  const { lock } = answerForHost({
    xenInfo: xlInfo("4.20.4-pre"),
    virshVersion: virshVersion("11.3.0", "4.20.0"),
    lock: { xen: "4.20.3-1", libvirt: "11.3.0-3" },
  });
  t.equal(lock[0]?.agrees, false);
});

t.test("the patch level comes from xl info, not from libvirt", async (t) => {
  const old = { virshVersion: virshVersion("1.2.20", "4.4.0") };
  t.equal(answerForHost({ xenInfo: xlInfo("4.4.2"), ...old }).minimumMet, false);
  t.equal(answerForHost({ xenInfo: xlInfo("4.4.3"), ...old }).minimumMet, true);
  t.same(answerForHost({ xenInfo: xlInfo("4.4.3"), ...old }).lock, []);
});

t.test("libvirt and xl of two different versions are noted", async (t) => {
  const { notes } = answerForHost({
    xenInfo: xlInfo("4.17.5"),
    virshVersion: virshVersion("9.0.0", "4.20.0"),
  });
  t.match(notes[1], "not of one version");
});

t.test("a missing line names itself and its command", async (t) => {
  t.throws(() => xenVersionOf("xl: not running under Xen\n"), HostVersionMissingError);
  t.throws(() => xenVersionOf("xen_version_ : 4.17.5\n"), HostVersionMissingError);
  t.throws(() => hypervisorVersionOf("Running hypervisor: QEMU 7.2.0\n"), HostVersionMissingError);
  t.throws(() => daemonVersionOf("Using library: libvirt 9.0.0\n"), {
    code: "HOST_VERSION_MISSING",
    kind: "infra",
    message: 'the answer of `virsh version --daemon` in dom0 has no line "Running against daemon"',
  });
});

t.test("lines ended by carriage returns, as a console gives them", async (t) => {
  t.equal(xenVersionOf(xlInfo("4.17.5").replaceAll("\n", "\r\n")), "4.17.5");
  t.equal(daemonVersionOf(virshVersion("9.0.0", "4.17.0").replaceAll("\n", "\r\n")), "9.0.0");
});
