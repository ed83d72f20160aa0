import type { HostSpec } from "../spec/host-spec.ts";
import type { PlannedCell } from "../events/schema.ts";
import { pinnedLock } from "../image/pinned-lock.ts";
import { readLock } from "../image/lock-file.ts";
import { promisedVersions } from "../image/locked-versions.ts";
import { plan } from "../plan/plan.ts";
import { isScenarioPath, readScenario } from "../plan/scenario-registry.ts";
import { select, type Selected } from "../plan/select.ts";
import { parseCellId } from "../plan/cell.ts";
import type { VersionPair } from "../rules/answer.ts";
import type { CliContext } from "./context.ts";
import { fromSetting } from "./from-setting.ts";
import { defineOptions, type ArgumentSpec } from "./table.ts";

/** Options by which commands choose cells. */
export const SELECTION_OPTIONS = defineOptions([
  {
    name: "host",
    argument: "NAME",
    type: "list",
    description:
      'hosts of images/hosts/, "all" or "rebuilt"; the configuration\'s defaultHosts otherwise',
    since: "0.1.0",
  },
  {
    name: "grep",
    argument: "REGEXP",
    type: "text",
    description: "scenarios whose name or title matches, letter case ignored",
    since: "0.1.0",
  },
  {
    name: "tags",
    argument: "EXPRESSION",
    type: "text",
    description: "scenarios whose tags fit, such as 'pv && !slow'; a comma means ||",
    since: "0.1.0",
  },
]);

export const SCENARIO_ARGUMENT: ArgumentSpec = {
  name: "SCENARIO",
  description: "name, part of a name, id of a cell, or path of a scenario file; all unless told",
  many: true,
};

export interface SelectionValues {
  host: readonly string[];
  grep: string | undefined;
  tags: string | undefined;
}

export interface Choice extends Selected {
  hosts: HostSpec[];
  /** Any host there is, chosen or not. @throws HostUnknown */
  hostNamed(name: string): HostSpec;
  /** Cells in the order they are run; `scale` multiplies the deadlines. */
  cells(scale?: number): PlannedCell[];
}

/**
 * The scenarios and hosts a command line means. A cell's id brings its host with it.
 * @param lockFiles locks to plan by instead of the project's, by host
 * @throws ScenarioUnknown | HostUnknown | TagUnknown | TagExpressionInvalid | GrepInvalid
 */
export async function choose(
  ctx: CliContext,
  options: SelectionValues,
  words: readonly string[],
  lockFiles: ReadonlyMap<string, string> = new Map(),
): Promise<Choice> {
  const { values } = await ctx.settings();
  const own = await ctx.scenarios();
  const paths = words.filter(isScenarioPath);
  const given = await Promise.all(paths.map((path) => readScenario(path, ctx.cwd)));
  const names = words.map((word) => {
    const at = paths.indexOf(word);
    return at === -1 ? word : given[at]!.meta.id;
  });
  const replaced = new Set(given.map(({ meta }) => meta.id));
  const known = [...own.filter(({ meta }) => !replaced.has(meta.id)), ...given];
  const { grep, tags } = options;
  const selected = select(known, { names, grep, tags, declaredTags: values.tags });

  const registry = await ctx.hosts();
  const ofCells = names.filter((name) => name.includes("[")).map((id) => parseCellId(id).host);
  const wholes = names.length > ofCells.length || ofCells.length === 0;
  const defaults = options.host.length === 0 && wholes ? values.defaultHosts : [];
  await fromSetting(ctx, "defaultHosts", ["HOST_UNKNOWN"], () => {
    registry.named(defaults);
  });
  const asked = options.host.length > 0 ? options.host : [...defaults, ...ofCells];
  const hosts = registry.named(asked);
  const { scenarios, wants } = selected;
  const versions = new Map(
    await Promise.all(
      hosts.map(async (host): Promise<[string, VersionPair | undefined]> => {
        const path = lockFiles.get(host.name);
        const lock = path === undefined ? await pinnedLock(host) : await readLock(path);
        return [host.name, lock && promisedVersions(host, lock)];
      }),
    ),
  );
  const pinned = (host: string) => versions.get(host);
  const cells = (scale = 1) => plan({ scenarios, hosts, wants, pinned, scale });
  return { ...selected, hosts, hostNamed: (name) => registry.get(name), cells };
}
