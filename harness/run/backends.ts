import { join } from "node:path";
import type { Workspace } from "../host/workspace.ts";
import type { HostImage } from "../image/host-image.ts";
import { Store } from "../image/store.ts";
import type { BackendName, HostSpec } from "../spec/host-spec.ts";
import { settle } from "./accelerate.ts";
import type { Backend } from "./backend.ts";
import { backendOf } from "./lasting-refusal.ts";
import { prepareImage } from "./prepare.ts";
import { QemuBackend, type QemuBackendOptions } from "./qemu-backend.ts";
import { SshBackend, type LastingBackendOptions } from "./ssh-backend.ts";
import { VagrantBackend } from "./vagrant-backend.ts";

export type BackendsOptions = QemuBackendOptions &
  Pick<LastingBackendOptions, "mayShare"> & {
    hostNamed(name: string): HostSpec;
    /** Of hosts that do not say where they are. */
    backend: BackendName;
    workspace: Workspace;
  };

/** Its reporting guest is brought to hosts that have none of ours. */
const KIT_HOST = "debian-12";

/** The backends of a run, each made when a host first needs it. */
export class Backends {
  readonly #options: BackendsOptions;
  readonly #made = new Map<BackendName, Backend>();

  constructor(options: BackendsOptions) {
    this.#options = options;
  }

  of(spec: HostSpec): Backend {
    const name = backendOf(spec, this.#options.backend);
    let backend = this.#made.get(name);
    if (!backend) this.#made.set(name, (backend = this.#make(name)));
    return backend;
  }

  async close(): Promise<void> {
    for (const backend of this.#made.values()) await backend.close();
  }

  #make(name: BackendName): Backend {
    if (name === "qemu") return new QemuBackend(this.#options);
    const { cache, bus, signal, mayShare, acceleration } = this.#options;
    const store = new Store(join(cache, "store"));
    const image = (spec: HostSpec) => this.#image(spec, store);
    const kitImage = () => image(this.#options.hostNamed(KIT_HOST));
    const common = {
      ...{ cache, bus, signal, mayShare, kitImage },
      // Read when they are needed: an image's Xen may settle that there is no KVM for it.
      get profile() {
        return acceleration.runtime.profile;
      },
      get timeFactor() {
        return acceleration.runtime.timeFactor;
      },
    };
    if (name === "ssh") return new SshBackend(common);
    const { runPath, workspace } = this.#options;
    const settled = async (spec: HostSpec): Promise<HostImage> => {
      const built = await image(spec);
      await settle(built.xen, acceleration, this.#options);
      return built;
    };
    return new VagrantBackend(Object.assign(common, { runPath, workspace, store, image: settled }));
  }

  #image(spec: HostSpec, store: Store): Promise<HostImage> {
    const { cache, bus, signal, lockFiles } = this.#options;
    const lockFile = lockFiles?.get(spec.name);
    return prepareImage(spec, { cache, store, bus, signal, ...(lockFile && { lockFile }) });
  }
}
