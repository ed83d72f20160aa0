/** What the reporting guest says of itself; see images/guests/reporter/init. */
export interface GuestReport {
  /** `PV`, `PVH` or `HVM`, from /sys/hypervisor/guest_type. */
  guestType: string;
  kernel: string;
  vcpus: number;
  memoryKiB: number;
  clocksource: string;
  uuid: string;
  cmdline: string;
  disks: readonly { name: string; sectors: number; sha256: string }[];
  nics: readonly { name: string; mac: string }[];
  /** Devices on Xen's own bus that have a driver, such as `vbd-51712` and `vif-0`. */
  frontends: readonly string[];
  /** What `xenloop.write=` made it write; `failed` instead of a checksum where it could not. */
  writes: readonly { disk: string; sha256: string }[];
  /** Of a guest with systemd: `running` or `degraded`, as `systemctl is-system-running` says. */
  systemd: string;
  /** Units that failed while it booted. */
  failedUnits: readonly string[];
  /** Checksum of the file that `xenloop.read=` names; `failed` where there is none. */
  files: readonly { path: string; sha256: string }[];
}

/** What a guest with `xenloop.watch=yes` has at the moment. */
export interface GuestNow {
  vcpus: number;
  memoryKiB: number;
  disks: readonly string[];
  nics: readonly string[];
  /** SHA-256 of the first 2048 bytes of what is in its CD drive; `-` without a drive. */
  cd: string;
}

/** One line of the guest's counter. */
export interface Tick {
  value: number;
  /** Seconds since the guest's boot, by its own clock. */
  uptime: number;
}

const PREFIX = "XENLOOP ";

/** Reads a guest's console as it grows; bytes may be cut anywhere. */
export class ReportReader {
  #rest = "";
  readonly #values = new Map<string, string>();
  readonly #disks: GuestReport["disks"][number][] = [];
  readonly #nics: GuestReport["nics"][number][] = [];
  readonly #frontends: string[] = [];
  readonly #writes: GuestReport["writes"][number][] = [];
  readonly #failed: string[] = [];
  readonly #files: GuestReport["files"][number][] = [];
  readonly lines: string[] = [];
  /** The newest; undefined before the first, and without `xenloop.watch=yes`. */
  now: GuestNow | undefined;
  ready = false;
  /** How often the guest said it is ready: more than once after a restart. */
  boots = 0;
  readonly ticks: Tick[] = [];
  /** Ticks at which the guest found its memory as it had left it, and those at which not. */
  readonly memory = { ok: [] as number[], damaged: [] as number[] };
  /** Ticks at which its peer answered, and those at which not. */
  readonly echo = { ok: [] as number[], silent: [] as number[] };
  /** The kernel's panic message, once there is one. */
  panic: string | undefined;

  /** The newest counter value; undefined before the first. */
  get tick(): number | undefined {
    return this.ticks.at(-1)?.value;
  }

  /** All of it, the unfinished last line too. */
  get text(): string {
    return [...this.lines, this.#rest].join("\n");
  }

  push(chunk: Buffer | string): void {
    const parts = (this.#rest + chunk.toString("latin1")).split(/\r*\n/);
    this.#rest = parts.pop() ?? "";
    for (const line of parts) this.#line(line);
  }

  /** Undefined until the guest said it has reported everything. */
  report(): GuestReport | undefined {
    if (!this.ready) return undefined;
    const text = (key: string): string => this.#values.get(key) ?? "";
    return {
      guestType: text("guest_type"),
      kernel: text("kernel"),
      vcpus: Number(text("vcpus")),
      memoryKiB: Number(text("memory_kib")),
      clocksource: text("clocksource"),
      uuid: text("hypervisor_uuid"),
      cmdline: text("cmdline"),
      disks: [...this.#disks],
      nics: [...this.#nics],
      frontends: [...this.#frontends],
      writes: [...this.#writes],
      systemd: text("systemd"),
      failedUnits: [...this.#failed],
      files: [...this.#files],
    };
  }

  #line(line: string): void {
    this.lines.push(line);
    const panic = /Kernel panic - not syncing: (.*)/.exec(line)?.[1];
    if (panic !== undefined) this.panic ??= panic.trim();
    const at = line.indexOf(PREFIX);
    if (at < 0) return;
    const [verb, key = "", ...rest] = line.slice(at + PREFIX.length).split(" ");
    if (verb === "ready") {
      this.ready = true;
      this.boots += 1;
    } else if (verb === "tick") this.ticks.push({ value: Number(key), uptime: Number(rest[0]) });
    else if (verb === "memory") this.memory[rest[0] === "ok" ? "ok" : "damaged"].push(Number(key));
    else if (verb === "echo") this.echo[rest[0] === "ok" ? "ok" : "silent"].push(Number(key));
    else if (verb === "now") this.#change([key, ...rest]);
    else if (verb === "report") this.#value(key, rest);
  }

  #change([vcpus, memory, disks, nics, cd = "-"]: readonly string[]): void {
    const names = (list = "-"): string[] => (list === "-" ? [] : list.split(","));
    this.now = {
      vcpus: Number(vcpus),
      memoryKiB: Number(memory),
      disks: names(disks),
      nics: names(nics),
      cd,
    };
  }

  #value(key: string, words: readonly string[]): void {
    const [first = "", second = "", third = ""] = words;
    if (key === "disk") this.#disks.push({ name: first, sectors: Number(second), sha256: third });
    else if (key === "nic") this.#nics.push({ name: first, mac: second });
    else if (key === "frontend") this.#frontends.push(first);
    else if (key === "wrote") this.#writes.push({ disk: first, sha256: second });
    else if (key === "failed") this.#failed.push(first);
    else if (key === "file") this.#files.push({ path: first, sha256: second });
    else this.#values.set(key, words.join(" "));
  }
}
