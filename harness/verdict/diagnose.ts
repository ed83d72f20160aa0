import type { AttemptStatus } from "../events/status.ts";
import { SIGNS, type Sign } from "./signs.ts";
import type { Verdict } from "./judge.ts";

/** From the machine up to the harness, which is beside them all. */
export type Layer =
  "outer QEMU" | "Xen" | "dom0" | "libvirtd" | "libxl" | "guest" | "scenario" | "harness";

export interface Diagnosis {
  layer: Layer;
  /** `Xen: it panics on CPU 0: …`. */
  sentence: string;
  /** The attempt is an error with this code, whatever the verdict was. */
  code?: string;
  /** See Sign. */
  byEmulation?: true;
}

/** The text of all evidence of one kind; empty when there is none. */
export type EvidenceReader = (kind: string) => Promise<string>;

const LONGEST = 240;
/** As xl prints it, and as libvirt's log has it. */
const LIBXL_LINE = /\b(?:libxl: (?:error: )?\w+\.c:\d+:\w+|xc: (?:error|panic): \S+): (.*)/;
const RED: readonly AttemptStatus[] = ["failed", "error", "timedout"];

/**
 * Which layer broke, and how, in one sentence, from the verdict and the evidence. A line that by
 * itself proves a layer broken comes first; then what the verdict's error says of its layer.
 * Undefined for what did not go wrong.
 */
export async function diagnose(
  { status, reason, code = "" }: Verdict,
  read: EvidenceReader,
): Promise<Diagnosis | undefined> {
  if (!RED.includes(status)) return undefined;
  for (const sign of SIGNS) {
    const cause = await find(sign, read);
    if (cause === undefined) continue;
    const { code, byEmulation } = sign;
    return {
      ...diagnosis(sign.layer, cause),
      ...(code !== undefined && { code }),
      ...(byEmulation && { byEmulation }),
    };
  }
  const said = reason.replace(/^(?:scenario|harness|guest|dom0|Xen|libvirtd|libxl): /, "");
  switch (true) {
    case code.startsWith("GUEST_REFUSED"):
      return refusal(said, read);
    case code.startsWith("GUEST_"):
      return guest(said, read);
    case code === "ASSERTION":
      return assertion(said, read);
    case code === "DEADLINE":
      return late(said, read);
    case code === "HOST_NOT_READY":
      return notReady(said, read);
    case code === "DOM0_COMMAND_FAILED":
      return diagnosis(ofCommand(said), said);
    case ["HOST_LOST", "CHANNEL_LOST", "HOST_UNHEALTHY"].includes(code):
      return diagnosis(/^(?:.*: )?Xen /.test(said) ? "Xen" : "dom0", said);
    case /^(?:MACHINE|QEMU|QMP|BOOT_SECTOR)/.test(code):
      return diagnosis("outer QEMU", said);
    default:
      return diagnosis(status === "error" ? "harness" : "scenario", said);
  }
}

function diagnosis(layer: Layer, cause: string): Diagnosis {
  const line = cause.replace(/\s+/g, " ").trim();
  const cut = line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line;
  return { layer, sentence: `${layer}: ${cut || "it gives no reason"}` };
}

async function find(
  { kinds, line, says }: Sign,
  read: EvidenceReader,
): Promise<string | undefined> {
  for (const kind of kinds) {
    const found = line.exec((await read(kind)).replaceAll("\r", ""));
    if (found) return says.replace(/\$(\d)/g, (_, at: string) => found[Number(at)] ?? "");
  }
  return undefined;
}

/** libvirt repeats of libxl that it failed, and libxl's own log says why. */
async function refusal(said: string, read: EvidenceReader): Promise<Diagnosis> {
  const why = await libxlSays(read);
  if (why !== undefined) return diagnosis("libxl", why);
  const model = /^qemu-system-\S+: (?!warning)(.*)$/m.exec(await read("qemu-dm"))?.[1];
  if (model !== undefined) return diagnosis("libxl", `the device model says ${model}`);
  return diagnosis(/libxenlight failed|libxl/.test(said) ? "libxl" : "libvirtd", said);
}

/** Its first complaint: the later ones follow from it. */
async function libxlSays(read: EvidenceReader): Promise<string | undefined> {
  const lines = (await read("libxl"))
    .split("\n")
    .flatMap((line) => LIBXL_LINE.exec(line)?.[1] ?? []);
  return lines.find((line) => !/deprecated|warning/i.test(line));
}

async function guest(said: string, read: EvidenceReader): Promise<Diagnosis> {
  const panic = /Kernel panic - not syncing: (.*)/.exec(await read("guest-console"))?.[1];
  return diagnosis("guest", panic === undefined ? said : `its kernel panics: ${panic}`);
}

/** What a tool answered stands in the assertion; who answered is the layer. */
async function assertion(quoted: string, read: EvidenceReader): Promise<Diagnosis> {
  const said = quoted.replaceAll("\\n", "; ");
  const byXl = LIBXL_LINE.exec(said)?.[1]?.replace(/[;"].*/, "");
  if (byXl !== undefined) return diagnosis("libxl", `${byXl}; ${said}`);
  if (/libxenlight failed/.test(said)) {
    const why = await libxlSays(read);
    return diagnosis("libxl", why === undefined ? said : `${why}; ${said}`);
  }
  const answer = /.*\berror: ([^"\\;]{8,})/.exec(said)?.[1];
  return answer === undefined
    ? diagnosis("scenario", said)
    : diagnosis("libvirtd", `it answers "${answer.trim()}"; ${said}`);
}

async function late(said: string, read: EvidenceReader): Promise<Diagnosis> {
  const state = /"status": "(internal-error|io-error|guest-panicked)"/.exec(await read("qmp"))?.[1];
  if (state !== undefined) return diagnosis("outer QEMU", `the machine has stopped: ${state}`);
  const panic = /Kernel panic - not syncing: (.*)/.exec(await read("guest-console"))?.[1];
  if (panic !== undefined) return diagnosis("guest", `its kernel panics: ${panic}; ${said}`);
  const why = await libxlSays(read);
  if (why !== undefined) return diagnosis("libxl", `${why}; ${said}`);
  return diagnosis(/at: .*\bguest\b/.test(said) ? "guest" : "scenario", said);
}

/** How far the console came tells who did not go on. */
async function notReady(said: string, read: EvidenceReader): Promise<Diagnosis> {
  const console = `${await read("boot-serial")}${await read("serial")}`;
  if (/Linux version|systemd\[1\]/.test(console) || console === "") return diagnosis("dom0", said);
  return diagnosis(/\(XEN\)/.test(console) ? "Xen" : "outer QEMU", said);
}

/** Who answers for a command in dom0 that fails. */
function ofCommand(said: string): Layer {
  if (/libvirtd\.service|^virsh\b/.test(said)) return "libvirtd";
  return /^xl\b/.test(said) ? "libxl" : "dom0";
}
