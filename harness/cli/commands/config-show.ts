import { formatBytes } from "../../config/bytes.ts";
import { SETTINGS, SETTING_NAMES } from "../../config/settings.ts";
import type { CliContext } from "../context.ts";
import type { OptionsOf } from "../table.ts";
import { columns } from "../terminal.ts";
import type spec from "./config.command.ts";

interface ShownSetting {
  /** Dotted, as in the file. */
  key: string;
  value: unknown;
  origin: string;
}

export async function run(
  ctx: CliContext,
  options: OptionsOf<(typeof spec)["subcommands"][0]>,
): Promise<number> {
  const file = (await ctx.config()).path ?? null;
  const settings = [...(await plainSettings(ctx)), ...(await hostSettings(ctx))];
  if (options.json) {
    ctx.stdout.write(`${JSON.stringify({ version: 1, file, settings }, null, 2)}\n`);
    return 0;
  }
  const rows = settings.map(({ key, value, origin }) => [key, shown(key, value), origin]);
  ctx.stdout.write(`${columns(rows)}\n${file ?? "There is no xenloop.config.yaml."}\n`);
  return 0;
}

async function plainSettings(ctx: CliContext): Promise<ShownSetting[]> {
  const { values, origins } = await ctx.settings();
  return SETTING_NAMES.map((name) => ({
    key: SETTINGS[name].key.join("."),
    value: values[name] ?? null,
    origin: origins[name],
  }));
}

/** Only what the file changes; the hosts themselves are in images/hosts/. */
async function hostSettings(ctx: CliContext): Promise<ShownSetting[]> {
  const { values, where } = await ctx.config();
  // Reading the hosts checks that the names are right.
  if (values.hosts !== undefined) await ctx.hosts();
  return leaves(values.hosts ?? {}, ["hosts"]).map(({ path, value }) => ({
    key: path.join("."),
    value,
    origin: where(path),
  }));
}

function leaves(value: object, path: string[]): { path: string[]; value: unknown }[] {
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? leaves(inner, [...path, key])
      : [{ path: [...path, key], value: inner }],
  );
}

function shown(key: string, value: unknown): string {
  if (value === null) return "-";
  if (key === "store.budget") return formatBytes(Number(value));
  if (Array.isArray(value)) return value.length === 0 ? "-" : value.join(", ");
  return String(value);
}
