import type { Scenario } from "../../harness/plan/scenario-registry.ts";
import type { HostSpec } from "../../harness/spec/host-spec.ts";
import type { ScenarioMeta } from "../../harness/spec/scenario-meta.ts";

export function scenario(id: string, meta: Partial<ScenarioMeta> = {}): Scenario {
  const usual = { id, title: id, tags: [], needs: {}, deadline: 60, axes: {} };
  return { file: `/scenarios/${id}.ts`, meta: { ...usual, ...meta } };
}

export function host(name: string, expect: Partial<HostSpec["expect"]> = {}): HostSpec {
  return {
    name,
    title: name,
    release: "stable",
    components: ["main"],
    packages: ["xen-utils"],
    expect: { xen: "4.17", libvirt: "9.0.0", kernel: "6.1", ...expect },
    memoryMiB: 3072,
    vcpus: 2,
    dom0: { mem: "1536M,max:1536M", maxVcpus: 2, vcpusPin: false, xenOptions: [] },
  };
}
