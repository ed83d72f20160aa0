import { messageOf } from "../base/error.ts";
import type { Store, StoreEntry } from "../image/store.ts";
import type { TemplateFiles } from "./running-host.ts";

/** A template in the store, of which a process makes clones as long as they resume. */
export class StoredTemplate implements TemplateFiles {
  readonly ram: string;
  readonly state: string;
  readonly stub: string;
  readonly disk: string;
  readonly serial: string;
  readonly #store: Store;
  readonly #entry: StoreEntry;
  #unusable: string | undefined;
  #givenUp: Promise<string> | undefined;

  constructor(store: Store, entry: StoreEntry) {
    this.#store = store;
    this.#entry = entry;
    this.ram = entry.path("ram");
    this.state = entry.path("state");
    this.stub = entry.path("stub");
    this.disk = entry.path("disk.qcow2");
    this.serial = entry.path("serial.log");
  }

  /** Why no clone can be made of it; undefined as long as nothing speaks against it. */
  get unusable(): string | undefined {
    return this.#unusable;
  }

  /**
   * No further clone is to be made of it, neither here nor by later runs; those that run keep what
   * they have of it. Resolves with what its checksums say and what becomes of it, in words.
   */
  giveUp(why: string): Promise<string> {
    this.#unusable ??= why;
    return (this.#givenUp ??= this.#giveUp(why));
  }

  async #giveUp(why: string): Promise<string> {
    try {
      const damage = await this.#store.giveUp(this.#entry, why);
      return `${damage ?? "the template's checksums are right"}; the next run makes it anew`;
    } catch (error) {
      return `the template stays, until xenloop clean --templates: ${messageOf(error)}`;
    }
  }
}
