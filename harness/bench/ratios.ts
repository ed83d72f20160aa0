import type { FigureName } from "./figures.ts";
import type { Summary } from "./statistics.ts";

/** A figure that means the same on every machine, or that has a limit to keep. */
export interface Ratio {
  name: string;
  meaning: string;
  value: number;
  unit: "×" | "%" | "ms";
  /** What it must reach or stay under. */
  bar?: { atLeast: number } | { atMost: number };
  kept?: boolean;
}

type Medians = Partial<Record<FigureName, Summary>>;

/** Those that the measured figures allow; the bars are written for emulation on two cores. */
export function ratiosOf(figures: Medians, configuredMiB: number): Ratio[] {
  const of = (name: FigureName): number | undefined => figures[name]?.median;
  const rows: (Omit<Ratio, "value" | "kept"> & { value: number | undefined })[] = [
    {
      name: "untuned_boot_per_clone",
      meaning: "untuned boot ÷ fresh clone, to the first virsh answer",
      value: quotient(of("untuned_virsh"), of("clone_virsh")),
      unit: "×",
      bar: { atLeast: 60 },
    },
    {
      name: "lean_boot_per_clone",
      meaning: "lean boot ÷ fresh clone, to the first virsh answer",
      value: quotient(of("lean_virsh"), of("clone_virsh")),
      unit: "×",
    },
    {
      name: "vagrant_per_clone",
      meaning: "`vagrant up` of an untuned box ÷ fresh clone, to the first virsh answer",
      value: quotient(of("vagrant_virsh"), of("clone_virsh")),
      unit: "×",
      bar: { atLeast: 60 },
    },
    {
      name: "vagrant_lean_per_clone",
      meaning: "`vagrant up` of our lean box ÷ fresh clone, to the first virsh answer",
      value: quotient(of("vagrant_lean_virsh"), of("clone_virsh")),
      unit: "×",
    },
    {
      name: "lean_per_untuned_boot",
      meaning: "lean boot ÷ untuned boot",
      value: quotient(of("lean_virsh"), of("untuned_virsh")),
      unit: "×",
      bar: { atMost: 0.6 },
    },
    {
      name: "scenarios_cold_per_warm",
      meaning: "smoke scenarios: a boot each ÷ a clone each",
      value: quotient(of("scenarios_cold"), of("scenarios_warm")),
      unit: "×",
    },
    {
      name: "private_share",
      meaning: "private memory of an idle clone ÷ configured memory",
      value: percent(of("private_1"), configuredMiB),
      unit: "%",
      bar: { atMost: 6 },
    },
    {
      name: "resume",
      meaning: "saved state loaded to processors running",
      value: of("resume"),
      unit: "ms",
      bar: { atMost: 100 },
    },
    {
      name: "channel_command",
      meaning: "trivial command over the channel",
      value: of("channel_true"),
      unit: "ms",
      bar: { atMost: 25 },
    },
    {
      name: "ssh_per_channel",
      meaning: "trivial command: ssh ÷ channel",
      value: quotient(of("ssh_true"), of("channel_true")),
      unit: "×",
    },
  ];
  return rows.flatMap(({ value, ...row }) => {
    if (value === undefined) return [];
    return [{ ...row, value, ...(row.bar && { kept: keeps(value, row.bar) }) }];
  });
}

function keeps(value: number, bar: NonNullable<Ratio["bar"]>): boolean {
  return "atLeast" in bar ? value >= bar.atLeast : value <= bar.atMost;
}

function quotient(above: number | undefined, below: number | undefined): number | undefined {
  return above === undefined || !below ? undefined : above / below;
}

function percent(part: number | undefined, whole: number): number | undefined {
  return part === undefined ? undefined : (100 * part) / whole;
}
