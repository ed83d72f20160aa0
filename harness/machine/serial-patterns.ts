/** What ended, or spoilt, a machine. */
export type FatalKind = "panic" | "crash" | "oops" | "shutdown" | "reset" | "stuck" | "death";
export type FatalLayer = "xen" | "dom0" | "machine";

export interface MachineFatal {
  layer: FatalLayer;
  kind: FatalKind;
  /** One readable sentence without a final stop. */
  sentence: string;
  /** The console line, event or exit it was read from. */
  line: string;
}

export interface SerialPattern {
  layer: "xen" | "dom0";
  kind: FatalKind;
  /** Matched against the line without the prefix of its layer; anchor it. */
  match: RegExp;
  sentence(groups: readonly string[]): string;
  /** The reason stands on one of the next lines, not on this one. */
  reasonFollows?: boolean;
}

/** Sources: Xen's common/shutdown.c, drivers/char/console.c and common/domain.c. */
const XEN_PATTERNS: readonly SerialPattern[] = [
  {
    layer: "xen",
    kind: "panic",
    match: /^Panic on CPU (\d+):/,
    sentence: ([cpu]) => `Xen panics on CPU ${cpu}`,
    reasonFollows: true,
  },
  {
    layer: "dom0",
    kind: "crash",
    match: /^(?:Hardware Dom0 crashed:|Domain 0 (?:\(vcpu#\d+\) )?(?:reported )?crashed\b)/,
    sentence: () => "Xen reports that dom0 has crashed",
  },
  {
    layer: "dom0",
    kind: "shutdown",
    match:
      /^(?:Hardware Dom0 (halted|shutdown|watchdog)\b|Hardware domain 0 did unsupported soft reset)/,
    sentence: ([how]) => `Xen reports that dom0 has ended (${how ?? "soft reset"})`,
  },
];

/** Sources: Linux' kernel/panic.c and arch/x86/kernel; initramfs-tools; systemd. */
const DOM0_PATTERNS: readonly SerialPattern[] = [
  {
    layer: "dom0",
    kind: "panic",
    match: /^Kernel panic - not syncing: (.*)/,
    sentence: ([why]) => `dom0's kernel panics: ${why}`,
  },
  {
    layer: "dom0",
    kind: "oops",
    match:
      /^(BUG: unable to handle .*|kernel BUG at .*|(?:Oops|general protection fault|invalid opcode|divide error|stack segment)\b.*\[#\d+\].*)/,
    sentence: ([what]) => `dom0's kernel oopses: ${what}`,
  },
  {
    layer: "dom0",
    kind: "stuck",
    match: /^ALERT!\s+(.*) does not exist\.\s+Dropping to a shell/,
    sentence: ([device]) => `dom0 finds no root file system (${device})`,
  },
  {
    layer: "dom0",
    kind: "stuck",
    match: /^You are in (emergency|rescue) mode/,
    sentence: ([mode]) => `dom0's systemd stops in ${mode} mode`,
  },
];

const XEN_PREFIX = /^\(XEN\) (?:\[[^\]]*\] )?/;
const KERNEL_PREFIX = /^(?:\[\s*\d+\.\d+\] )?/;

/**
 * Reads a console line by line. What a guest says through Xen, `(XEN) (d1) …`, begins with the
 * domain and so matches neither layer.
 */
export class SerialClassifier {
  #pending: { pattern: SerialPattern; sentence: string; line: string } | undefined;

  /** The fatal condition the line tells of, or completes. */
  push(line: string): MachineFatal | undefined {
    const isXen = XEN_PREFIX.test(line);
    const text = line.replace(isXen ? XEN_PREFIX : KERNEL_PREFIX, "").trim();
    if (this.#pending !== undefined) {
      if (!isXen || text === "") return undefined;
      return this.finish(text.startsWith("****") ? undefined : text);
    }
    for (const pattern of isXen ? XEN_PATTERNS : DOM0_PATTERNS) {
      const groups = pattern.match.exec(text);
      if (groups === null) continue;
      const found = { pattern, sentence: pattern.sentence(groups.slice(1)), line };
      if (pattern.reasonFollows !== true) return toFatal(found);
      this.#pending = found;
      return undefined;
    }
    return undefined;
  }

  /** Gives what still waits for its reason, when no more lines come. */
  finish(reason?: string): MachineFatal | undefined {
    const pending = this.#pending;
    this.#pending = undefined;
    if (pending === undefined) return undefined;
    const sentence = reason === undefined ? pending.sentence : `${pending.sentence}: ${reason}`;
    return toFatal({ ...pending, sentence });
  }
}

function toFatal(found: { pattern: SerialPattern; sentence: string; line: string }): MachineFatal {
  const { layer, kind } = found.pattern;
  return { layer, kind, sentence: found.sentence, line: found.line };
}
