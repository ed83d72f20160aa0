import { libvirt, xen } from "../commits.ts";
import type { Statement } from "../statement.ts";

export const HOST: Statement[] = [
  {
    id: "R12",
    topic: "host",
    subject: "libvirt",
    title: "Domain-0 as an object of libvirt",
    range: { libvirt: ">=4.0.0" },
    ok: "shows Domain-0, persistent",
    cases: [
      { libvirt: ">=1.2.18 <4.0.0", status: "ok", text: "shows Domain-0, as a transient domain" },
      { libvirt: "<1.2.18", status: "warn", text: "does not show Domain-0; ask xl" },
    ],
    affects: "virsh dominfo Domain-0, virsh list",
    confidence: "read",
    commits: [
      libvirt("45697fe54", "1.2.18", "libxl: Domain-0"),
      libvirt("69ed99c78", "4.0.0", "libxl: Domain-0 is persistent"),
    ],
    links: [],
  },
  {
    id: "R60",
    topic: "host",
    subject: "libvirt",
    title: "logs of libvirt's Xen driver",
    range: { libvirt: ">=3.0.0" },
    ok: "writes libxl-driver.log and a log for each domain, /var/log/libvirt/libxl/NAME.log",
    cases: [
      {
        libvirt: "<3.0.0",
        status: "ok",
        text: "writes /var/log/libvirt/libxl/libxl-driver.log only",
      },
      {
        libvirt: ">=3.0.0 <4.5",
        status: "warn",
        text: 'leaks a file descriptor for each domain\'s log: after many starts, "Too many open files" (K48)',
      },
    ],
    affects: "where to look when a guest does not start",
    confidence: "read",
    commits: [
      libvirt("a30b08b71", "3.0.0", "libxl: a log for each domain"),
      libvirt("67c56f6e6", "4.5.0", "libxl: leak of log descriptors"),
    ],
    links: [],
    page: "Consult /var/log/libvirt/libxl/libxl-driver.log.",
    correction: "From 3.0.0 the messages about a domain are in its own log.",
  },
  {
    id: "K13",
    topic: "host",
    subject: "libvirt",
    title: "notice of a guest's shutdown",
    range: { libvirt: "<6.9 || >=7.1" },
    ok: "notices a guest's shutdown",
    cases: [
      {
        libvirt: ">=7.0.0-3+deb11u3 <7.0.1",
        status: "ok",
        text: "this Debian package has the fix of 7.1.0",
      },
      {
        libvirt: ">=6.9 <7.1",
        status: "warn",
        text: 'a domain stays "running" after it shut down, until `virsh destroy`; fixed in 7.1.0 and in Debian\'s 7.0.0-3+deb11u3',
      },
    ],
    affects: "virsh list after a guest's shutdown",
    confidence: "read",
    commits: [
      libvirt("fa30ee04a2", "6.9.0", "the cause"),
      libvirt("87a9d3a6b0", "7.1.0", "the fix"),
    ],
    links: [],
  },
  {
    id: "K14",
    topic: "host",
    subject: "libvirt",
    title: "CVE-2021-4147 (guests that reboot in a loop)",
    range: { libvirt: ">=8.0.0" },
    ok: "is fixed",
    cases: [
      {
        libvirt: ">=7.0.0-3+deb11u3 <7.0.1",
        status: "ok",
        text: "this Debian package has the fix of 8.0.0",
      },
      {
        libvirt: "<8.0.0",
        status: "warn",
        text: "a guest that reboots in a loop can lock or crash the daemon; fixed in 8.0.0 and in Debian's 7.0.0-3+deb11u3",
      },
    ],
    affects: "the whole daemon, by one guest",
    confidence: "read",
    commits: [],
    links: ["https://security-tracker.debian.org/tracker/CVE-2021-4147"],
  },
  {
    id: "K23",
    topic: "host",
    subject: "xen",
    title: "xl with two channels",
    range: { xen: "<4.11 || >=4.18.5 <4.19 || >=4.19.2 <4.20 || >=4.20.1" },
    ok: "starts them",
    cases: [
      {
        xen: ">=4.11 <4.18.5 || >=4.19 <4.19.2 || >=4.20 <4.20.1",
        status: "warn",
        text: "`xl create` fails with two channels; through libvirt they work. Fixed in 4.18.5, 4.19.2 and 4.20.1, not in 4.17",
      },
    ],
    affects: "xl.cfg with two or more channels",
    confidence: "derived",
    commits: [
      xen("3a66796347", "4.11.0", "the cause"),
      xen("e1ccced4af", "4.21.0", "the fix; in 4.18.5, 4.19.2 and 4.20.1 too"),
    ],
    links: [],
  },
  {
    id: "K43",
    topic: "host",
    subject: "pair",
    title: "dom0's balloon with Xen 4.8",
    range: {},
    ok: "balloons dom0 by what is needed",
    cases: [
      {
        xen: ">=4.8",
        libvirt: "<3.1.0",
        status: "warn",
        text: "balloons dom0 by a huge value: give Xen dom0_mem=",
      },
    ],
    affects: "hosts booted without dom0_mem",
    confidence: "read",
    commits: [libvirt("f86a7a837", "3.1.0", "libxl: dom0 balloon with Xen 4.8")],
    links: [],
  },
];
