import type { CellResult, RunHeader } from "../../harness/events/result.ts";
import { excuseOf } from "../compared.ts";

/** The facts of a test case that come first, in this order; the others follow by name. */
const STANDARD: readonly string[] = [
  "xen_version",
  "libvirt_version",
  "dom0_kernel",
  "guest_kernel",
  "guest_type",
  "accel",
  "cpu_model",
  "qemu_version",
  "time_factor",
];

/** The properties of a test case in order; names do not repeat. Phases are in seconds. */
export function propertiesOf(cell: CellResult, run: RunHeader): [name: string, value: string][] {
  const facts: Record<string, string> = {
    accel: run.accel,
    qemu_version: run.qemu,
    time_factor: String(run.timeFactor),
    ...cell.facts,
  };
  const { effect, base } = cell.comparison ?? {};
  const skipped = cell.status === "skipped" ? cell.reason : excuseOf(cell);
  const others = Object.keys(facts).filter((name) => !STANDARD.includes(name));
  return [
    ...[...STANDARD, ...others.sort()].flatMap((name) => {
      const value = facts[name];
      return value ? [entry(name, value)] : [];
    }),
    ...Object.entries(cell.axes).map(([axis, value]) => entry(`axis.${axis}`, value)),
    ...phaseSeconds(cell),
    ...evidencePaths(cell),
    ...(cell.status === "flaky" ? [entry("flaky", cell.reason)] : []),
    ...(cell.diagnosis === undefined ? [] : [entry("diagnosis", cell.diagnosis)]),
    ...(cell.known ? [entry("known-issue", `${cell.known.issue} ${cell.known.title}`)] : []),
    ...(effect === undefined ? [] : [entry("check.effect", effect)]),
    ...(base === undefined ? [] : [entry("check.base", base)]),
    ...(skipped === undefined ? [] : [entry("skip.reason", skipped)]),
    ...cell.attempts.flatMap(({ attempt, status, reason }) => [
      entry(`attempt.${attempt}.status`, status),
      ...(reason === "" ? [] : [entry(`attempt.${attempt}.reason`, reason)]),
    ]),
  ];
}

function phaseSeconds({ attempts }: CellResult): [string, string][] {
  const sums = new Map<string, number>();
  for (const { phase, ms } of attempts.at(-1)?.phases ?? []) {
    sums.set(phase, (sums.get(phase) ?? 0) + ms);
  }
  return [...sums].map(([phase, ms]) => entry(`phase.${phase}`, (ms / 1000).toFixed(3)));
}

/** `evidence.serial`, then `evidence.serial.2`: consumers keep one value a name. */
function evidencePaths({ attempts }: CellResult): [string, string][] {
  const seen = new Map<string, number>();
  return attempts
    .flatMap(({ evidence }) => evidence)
    .map(({ kind, path }) => {
      const count = (seen.get(kind) ?? 0) + 1;
      seen.set(kind, count);
      return entry(`evidence.${kind}${count > 1 ? `.${count}` : ""}`, path);
    });
}

function entry(name: string, value: string): [string, string] {
  return [name, value];
}
