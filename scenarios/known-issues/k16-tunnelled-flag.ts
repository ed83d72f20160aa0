import { knownIssue } from "../../harness/scenario/index.ts";

export default knownIssue({
  id: "K16",
  title: "tunnelled migration is refused",
  symptom: "unsupported flags (0x4) in function libxlDomainMigrate",
  affected: { libvirt: ["<3.1.0"] },
  fix: "libvirt 3.1.0",
  source: "https://libvirt.org/news.html",
  fingerprint: [{ in: "reason", text: /unsupported flags \(0x4\) in function libxlDomainMigrate/ }],
  cannotRun: "no host here has a libvirt as old as that: the oldest, Debian 11's, is 7.0.0",
});
