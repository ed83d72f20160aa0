import { z } from "zod";
import { parseBytes } from "./bytes.ts";

const mirror = z.url({ protocol: /^(https?|file)$/ });
const mebibytes = z.int().min(256).max(1_048_576);

const dom0 = z
  .strictObject({
    mem: z
      .string()
      .regex(/^$|^-?\d+[KMGT]?(,(min|max):-?\d+[KMGT]?)*$/i, 'must look like "1536M,max:1536M"')
      .describe("Value of Xen's dom0_mem=, e.g. 1536M,max:1536M; empty leaves dom0 all memory"),
    maxVcpus: z.int().min(1).max(64).describe("Value of Xen's dom0_max_vcpus="),
    vcpusPin: z.boolean().describe("Adds dom0_vcpus_pin to Xen's command line"),
    xenOptions: z.array(z.string().min(1)).describe("Further words of Xen's command line"),
  })
  .partial();

const host = z
  .strictObject({
    backend: z
      .enum(["ssh", "vagrant"])
      .describe(
        "Who has a host that is not of images/hosts/: it runs already, or Vagrant makes it",
      ),
    address: z.string().min(1).describe("backend: ssh: name or address of the machine"),
    port: z.int().min(1).max(65_535).describe("backend: ssh: port of its ssh, 22 unless told"),
    user: z
      .string()
      .min(1)
      .describe("backend: ssh: root unless told; another one needs sudo without a password"),
    key: z.string().min(1).describe("backend: ssh: file of the private key"),
    knownHosts: z
      .string()
      .min(1)
      .describe("backend: ssh: file with the machine's host key; ssh's own unless told"),
    box: z.string().min(1).describe("backend: vagrant: name of a box with Xen and libvirt"),
    vagrantfile: z.string().min(1).describe("backend: vagrant: a Vagrantfile of one machine"),
    dom0: dom0.describe("Boot-time settings of Xen and dom0"),
    memoryMiB: mebibytes.describe("Memory of the whole machine in MiB"),
    vcpus: z.int().min(1).max(64).describe("Processors of the machine"),
    mirror: mirror.describe("Debian mirror for this host only"),
    snapshot: mirror.describe("Mirror of the archive as it was at one moment; wins over mirror"),
    packages: z.array(z.string().min(1)).describe("Packages installed beside the host's own"),
    release: z.string().min(1).describe("Debian suite, e.g. bookworm"),
    components: z.array(z.string().min(1)).min(1).describe("Components of the archive"),
    expect: z
      .strictObject({
        xen: z.string().describe("Xen's version, of the hypervisor"),
        libvirt: z.string().describe("libvirt's version, of the daemon"),
        kernel: z.string().describe("Version of dom0's Linux"),
      })
      .partial()
      .describe("What versions begin with, e.g. 4.17: scenarios are planned by it"),
  })
  .partial();

/** What xenloop.config.yaml may say. Every key is optional. */
export const configSchema = z
  .strictObject({
    cache: z.string().min(1).describe("Directory of images, templates and packages"),
    runs: z.string().min(1).describe("Directory in which each run makes its own"),
    accel: z.enum(["auto", "kvm", "tcg"]).describe("Accelerator; auto tries KVM, then emulates"),
    backend: z.enum(["qemu", "vagrant"]).describe("Who brings up the hosts of images/hosts/"),
    jobs: z
      .union([z.literal("auto"), z.int().min(1)], 'must be "auto" or a whole number from 1')
      .describe("Cells at once; auto measures memory and cores"),
    retries: z.int().min(0).max(10).describe("Further attempts of a cell that did not pass"),
    keep: z.enum(["on-failure", "never", "always"]).describe("When a cell's machine stays up"),
    timeoutScale: z.number().positive().describe("Factor on every deadline, over the measured one"),
    reporters: z
      .array(z.string().min(1))
      .describe("What writes results, e.g. list or junit=build/junit.xml"),
    hosts: z.record(z.string(), host).describe("Changes to hosts of images/hosts/, by name"),
    defaultScenarios: z
      .array(z.string().min(1))
      .min(1)
      .describe("Scenarios of a run without names, --grep or --tags"),
    defaultHosts: z.array(z.string().min(1)).min(1).describe("Hosts of a run without --host"),
    tags: z.array(z.string().min(1)).describe("Tags that --tags accepts beside those in use"),
    mirror: mirror.describe("Debian mirror for every host; apt's own sources otherwise"),
    store: z
      .strictObject({
        budget: z
          .string()
          .refine((text) => parseBytes(text) !== undefined, 'must look like "40GiB"')
          .describe("Size the image store is pruned to, e.g. 40GiB"),
      })
      .partial()
      .describe("The store of images and templates"),
  })
  .partial()
  .meta({
    title: "xenloop.config.yaml",
    description: "Settings of xenloop; every key is optional",
  });

export type UserConfig = z.infer<typeof configSchema>;
export type HostOverrides = NonNullable<UserConfig["hosts"]>[string];

/** JSON Schema of the file, for editors and for suggestions. */
export function configJsonSchema(): JsonSchema {
  return z.toJSONSchema(configSchema, { io: "input", target: "draft-7" }) as JsonSchema;
}

export interface JsonSchema {
  properties?: Record<string, JsonSchema>;
  additionalProperties?: JsonSchema | boolean;
  [key: string]: unknown;
}
