import { knownIssue } from "../../harness/scenario/index.ts";

export default knownIssue({
  id: "K25",
  title: "xl devd crashes when it starts a device model",
  symptom: "segmentation fault in device_model_spawn_outcome",
  affected: { xen: ["<4.17.4", ">=4.18.0 <4.18.1"] },
  fix: "Xen 4.19.0, 4.18.1, 4.17.4 (d4f3d35f04)",
  source: "https://xenbits.xen.org/gitweb/?p=xen.git;a=commit;h=d4f3d35f04",
  fingerprint: [{ in: "dmesg", text: /xl\[PID\]: segfault/ }],
  cannotRun: "it takes a driver domain, a guest with a whole toolstack in it",
});
