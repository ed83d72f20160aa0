import { knownIssue } from "../../harness/scenario/index.ts";

export default knownIssue({
  id: "K12",
  title: "libvirt shrinks dom0 although dom0_mem is set as a fraction or a difference",
  symptom:
    "with dom0_mem=60% or -512M dom0 gets smaller at each start of a guest; with xl it does not",
  affected: { libvirt: [">=7.0.0"] },
  fix: "none: write dom0_mem as a plain size",
  source: "https://gitlab.com/libvirt/libvirt/-/blob/v9.0.0/src/libxl/libxl_conf.c",
  fingerprint: [],
  cannotRun:
    "a host of dom0_mem=60% has little memory that is free and yet not too little; the size at which only libvirt shrinks dom0 is not worked out yet",
});
