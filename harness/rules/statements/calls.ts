import type { Statement } from "../statement.ts";

/** Calls of libvirt's Xen driver: virsh command, function, first release; from the driver's own table. */
const CALLS = [
  ["dommemstat", "virDomainMemoryStats", "1.3.0"],
  ["cpu-stats", "virDomainGetCPUStats", "1.3.0"],
  ["domifstat", "virDomainInterfaceStats", "1.3.2"],
  ["domifaddr", "virDomainInterfaceAddresses", "1.3.5"],
  ["domcapabilities", "virConnectGetDomainCapabilities", "2.0.0"],
  ["domblkstat", "virDomainBlockStats", "2.1.0"],
  ["cpu-compare", "virConnectCompareCPU", "2.3.0"],
  ["maxvcpus", "virConnectGetMaxVcpus", "3.0.0"],
  ["dompmsuspend", "virDomainPMSuspendForDuration", "4.8.0"],
  ["metadata", "virDomainSetMetadata", "5.7.0"],
] as const;

/** Silent where the call is there. */
export const DRIVER_CALLS: Statement[] = CALLS.map(([command, call, since]) => ({
  id: `call.${command}`,
  topic: "host",
  subject: "libvirt",
  title: `virsh ${command}`,
  range: { libvirt: `>=${since}` },
  cases: [
    {
      libvirt: `<${since}`,
      status: "warn",
      text: `${call} is not there; it came with ${since}`,
    },
  ],
  affects: `virsh ${command}`,
  confidence: "read",
  commits: [],
  links: ["https://libvirt.org/hvsupport.html"],
}));
