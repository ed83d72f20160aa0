import type { BootedHost } from "../host/booted-host.ts";
import { guestConsoleFolder, hostLogFolder } from "../host/paths.ts";
import type { GuestDefinition, LifecycleAction } from "./domain.ts";
import { domainXml } from "./domain-xml.ts";
import { GuestPanicked, GuestRefused, GuestSilent, GuestGone } from "./errors.ts";
import { ReportReader, type GuestNow, type GuestReport } from "./report.ts";

const CREATE_TIMEOUT_MS = 120_000;
const REPORT_TIMEOUT_MS = 300_000;
/** From the end of a domain to the start of the one that replaces it. */
const RESTART_SECONDS = 20;
const OVER: ReadonlySet<string> = new Set(["gone", "shut off", "crashed"]);
const CHANGE_TIMEOUT_MS = 60_000;

/** Where xenconsoled keeps what a guest writes to its console. */
export function guestConsolePath(name: string): string {
  return `${guestConsoleFolder}/guest-${name}.log`;
}

/** A guest that libvirt has started, and its console followed from the first byte. */
export class RunningGuest {
  readonly #host: BootedHost;
  readonly #console = new ReportReader();
  readonly #follow = new AbortController();
  readonly #waiters = new Set<() => void>();
  readonly #following: Promise<unknown>;
  /** libvirt's words for how the domain ended, once it has. */
  #ended: string | undefined;

  private constructor(
    host: BootedHost,
    readonly definition: GuestDefinition,
    consoleStart = 0,
  ) {
    this.#host = host;
    this.#following = Promise.all([this.#readConsole(consoleStart), this.#awaitEnd()]);
  }

  /**
   * Creates a transient domain, from XML that somebody else wrote for this definition where it is
   * given; its console is read from the byte `consoleStart` on.
   * @throws {GuestRefused} with libvirt's own words.
   */
  static async create(
    host: BootedHost,
    definition: GuestDefinition,
    {
      xml = domainXml(definition),
      consoleStart = 0,
    }: { xml?: string | undefined; consoleStart?: number } = {},
  ): Promise<RunningGuest> {
    const result = await host.virsh(["create", "/dev/stdin"], {
      input: xml,
      timeoutMs: CREATE_TIMEOUT_MS,
      anyStatus: true,
    });
    if (result.exitCode !== 0) {
      // libvirt forgets a transient domain that it does not start; evidence finds it here.
      const argv = ["tee", `${hostLogFolder}/refused-${definition.name}.xml`];
      await host.run(argv, { input: xml, anyStatus: true });
      throw new GuestRefused(definition.name, errorLine(result.stderr));
    }
    return new RunningGuest(host, definition, consoleStart);
  }

  /**
   * A domain that is already there, such as one that migrated to this host. Its console is read
   * from the byte `consoleStart` on, since a log of its name may be there from an earlier stay.
   */
  static follow(host: BootedHost, definition: GuestDefinition, consoleStart: number): RunningGuest {
    return new RunningGuest(host, definition, consoleStart);
  }

  get name(): string {
    return this.definition.name;
  }

  /** File in dom0 with everything it wrote, that of earlier domains of its name included. */
  get consolePath(): string {
    return guestConsolePath(this.name);
  }

  /** All lines of the console so far. */
  get consoleLines(): readonly string[] {
    return this.#console.lines;
  }

  /** The counter's newest value; undefined before the first. */
  get lastTick(): number | undefined {
    return this.#console.tick;
  }

  /** All of the console so far, an unfinished last line too. */
  get consoleText(): string {
    return this.#console.text;
  }

  /** What the guest says of itself, once it has said everything. Seconds are scaled. */
  async report(timeoutMs = REPORT_TIMEOUT_MS): Promise<GuestReport> {
    await this.#until("that it is ready", timeoutMs, () => this.#console.ready);
    const report = this.#console.report();
    if (!report) throw new TypeError("a ready guest has a report");
    return report;
  }

  /** The same, or what its console says instead where its boot loader gives up. */
  async reportOr(refusal: RegExp, timeoutMs = REPORT_TIMEOUT_MS): Promise<GuestReport | string> {
    const refused = (): string | undefined => refusal.exec(this.#console.text)?.[0];
    await this.#until("that it is ready", timeoutMs, () => this.#console.ready || !!refused());
    return refused() ?? this.report();
  }

  /** The counter, once it has reached `value`: the guest is alive, not merely listed. */
  async tick(value: number, timeoutMs = REPORT_TIMEOUT_MS): Promise<number> {
    const reached = (): boolean => (this.#console.tick ?? -1) >= value;
    await this.#until(`tick ${value}`, timeoutMs, reached);
    return this.#console.tick ?? value;
  }

  /** Waits until the guest is ready for the n-th time; a panic may be what restarts it. */
  async boot(count: number, timeoutMs = REPORT_TIMEOUT_MS): Promise<void> {
    await this.#until(`that boot ${count} is ready`, timeoutMs, () => this.#console.boots >= count);
  }

  /** libvirt's words for how the domain ended, e.g. `Stopped Shutdown`. */
  async end(timeoutMs = REPORT_TIMEOUT_MS): Promise<string> {
    await this.#until("that it is over", timeoutMs, () => this.#ended !== undefined, true);
    return this.#ended ?? "";
  }

  /** What a guest with `xenloop.watch=yes` has, once that is as wanted. */
  async sees(
    awaited: string,
    wanted: (now: GuestNow) => boolean,
    timeoutMs = CHANGE_TIMEOUT_MS,
  ): Promise<GuestNow> {
    let found: GuestNow | undefined;
    await this.#until(`that it sees ${awaited}`, timeoutMs, () => {
      found = this.#console.now;
      return found !== undefined && wanted(found);
    });
    if (!found) throw new TypeError("what was reached is there");
    return found;
  }

  /** Whether a guest with `xenloop.watch=yes` has it as wanted, at the latest so many ticks on. */
  async seesWithin(ticks: number, wanted: (now: GuestNow) => boolean): Promise<boolean> {
    const last = (this.lastTick ?? 0) + ticks;
    const sees = (): boolean => this.#console.now !== undefined && wanted(this.#console.now);
    const isOver = (): boolean => (this.lastTick ?? 0) >= last;
    await this.#until(`tick ${last}`, REPORT_TIMEOUT_MS, () => sees() || isOver());
    return sees();
  }

  /** Waits until its peer, `xenloop.echo=`, has answered it, at a tick behind that one if told. */
  async hears(after = -1): Promise<void> {
    const heard = (): boolean => this.#console.echo.ok.some((tick) => tick > after);
    await this.#until("that its peer answers", CHANGE_TIMEOUT_MS, heard);
  }

  /** `running`, `paused`, `shut off`, …, or `gone`; with the reason, `shut off (crashed)`. */
  async state({ reason = false } = {}): Promise<string> {
    const argv = ["domstate", this.name, ...(reason ? ["--reason"] : [])];
    const result = await this.#host.virsh(argv, { anyStatus: true });
    return result.exitCode === 0 ? result.stdout.trim() : "gone";
  }

  async xml(): Promise<string> {
    return (await this.#host.virsh(["dumpxml", this.name])).stdout;
  }

  /** Follows it no longer, and leaves it as it is. */
  async letGo(): Promise<void> {
    this.#follow.abort(new Error("the guest is let go"));
    await this.#following;
  }

  async destroy(): Promise<void> {
    await this.letGo();
    await this.#host.virsh(["destroy", this.name], { anyStatus: true });
  }

  async #until(
    awaited: string,
    timeoutMs: number,
    reached: () => boolean,
    mayPanic = startsAgain(this.definition.onCrash),
  ): Promise<void> {
    const panicked = (): boolean => !mayPanic && this.#console.panic !== undefined;
    const scaled = timeoutMs * this.#host.handle.timeFactor;
    let wake = (): void => undefined;
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      wake();
    }, scaled);
    try {
      while (!reached()) {
        if (panicked()) throw new GuestPanicked(this.name, this.#console.panic ?? "");
        if (late || this.#ended !== undefined) {
          const silence = await this.#silence(awaited, scaled / 1000);
          // Its last words may have arrived while libvirt was asked.
          if (late || !(reached() || panicked())) throw silence;
          continue;
        }
        await new Promise<void>((resolve) => this.#waiters.add((wake = resolve)));
        this.#waiters.delete(wake);
      }
    } finally {
      clearTimeout(timer);
    }
  }

  async #silence(awaited: string, seconds: number): Promise<Error> {
    const state = await this.state();
    if (this.#ended !== undefined || state === "gone" || state === "shut off") {
      return new GuestGone(this.name, awaited, this.#ended ?? state);
    }
    const last = this.consoleLines.filter((line) => line.trim() !== "").at(-1) ?? "";
    return new GuestSilent(this.name, awaited, seconds, state, last);
  }

  /** `tail -F` in dom0: the file may not be there yet, and each chunk wakes who waits. */
  async #readConsole(start: number): Promise<void> {
    const from = `--bytes=+${start + 1}`;
    const argv = ["tail", from, "--follow=name", "--retry", guestConsolePath(this.name)];
    await this.#host
      .run(argv, {
        timeoutMs: 86_400_000,
        signal: this.#follow.signal,
        onStdout: (chunk) => {
          this.#console.push(chunk);
          this.#wakeAll();
        },
      })
      .catch(() => undefined);
  }

  /** libvirt's lifecycle events until one says that the domain is over, and for good. */
  async #awaitEnd(): Promise<void> {
    const argv = ["event", "--domain", this.name, "--event", "lifecycle"];
    const { signal } = this.#follow;
    const { onCrash, onReboot } = this.definition;
    const restarts = startsAgain(onCrash) || startsAgain(onReboot);
    const patience = Math.ceil(RESTART_SECONDS * this.#host.handle.timeFactor);
    let over: string | undefined;
    while (this.#ended === undefined && !signal.aborted) {
      // A restart is announced as an end too; the domain that follows has the same name.
      const awaited = over === undefined ? [] : ["--timeout", String(patience)];
      const said = await this.#host
        .virsh([...argv, ...awaited], { timeoutMs: 86_400_000, signal, anyStatus: true })
        .catch(() => undefined);
      if (said === undefined) return;
      if (said.exitCode === 0) {
        over = /(Stopped|Crashed|Shutdown)\b.*/.exec(said.stdout)?.[0].trim();
        if (!restarts) this.#ended = over;
      } else if (!restarts || OVER.has(await this.state())) {
        // Not found: it was over before anybody listened, or no restart came.
        this.#ended = over ?? "gone";
      }
    }
    this.#wakeAll();
  }

  #wakeAll(): void {
    for (const wake of this.#waiters) wake();
  }
}

function startsAgain(action: LifecycleAction | undefined): boolean {
  return action?.endsWith("restart") ?? false;
}

function errorLine(stderr: string): string {
  const lines = stderr.split("\n").filter((line) => line.startsWith("error: "));
  return (lines.at(-1) ?? stderr).replace(/^error: /, "").trim();
}
