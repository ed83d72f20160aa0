import { relative } from "node:path";
import { styleText } from "node:util";
import { EXIT_CODES, exitCode } from "../../events/exit-code.ts";
import { tagsOf } from "../../plan/select.ts";
import type { HostSpec } from "../../spec/host-spec.ts";
import type { CliContext } from "../context.ts";
import { choose, type Choice } from "../selection.ts";
import type { OptionsOf } from "../table.ts";
import { columns } from "../terminal.ts";
import type spec from "./list.command.ts";

/** Version of the JSON; a reader may rely on every field of its version. */
const LIST_VERSION = 1;

export async function run(
  ctx: CliContext,
  options: OptionsOf<typeof spec>,
  args: readonly string[],
): Promise<number> {
  // Those that only come when they are named are worth knowing of.
  const host = options.host.length > 0 ? options.host : (await ctx.hosts()).names;
  const choice = await choose(ctx, { ...options, host }, args);
  const { defaultHosts } = (await ctx.settings()).values;
  const listing = describe(choice, ctx.root, defaultHosts);
  const text = options.json ? `${JSON.stringify(listing, null, 2)}\n` : render(listing, ctx.color);
  ctx.stdout.write(text);
  return exitCode(choice.scenarios.length === 0 ? "nothing-ran" : "passed");
}

type Listing = ReturnType<typeof describe>;

function describe({ scenarios, hosts }: Choice, root: string, defaultHosts: readonly string[]) {
  return {
    version: LIST_VERSION,
    scenarios: scenarios.map(({ file, meta }) => {
      const { id, title, tags, needs, deadline, axes, predicted = [] } = meta;
      const times = { deadlineSeconds: deadline };
      return { id, title, file: pathIn(root, file), tags, needs, ...times, axes, predicted };
    }),
    hosts: hosts.map((host) => describeHost(host, defaultHosts)),
    tags: tagsOf(scenarios).map((name) => ({
      name,
      scenarios: scenarios.filter(({ meta }) => meta.tags.includes(name)).length,
    })),
    exitCodes: EXIT_CODES,
  };
}

function describeHost(host: HostSpec, defaultHosts: readonly string[]) {
  const { name, title, release, expect, memoryMiB, vcpus, place } = host;
  const usual = defaultHosts.includes(name);
  return {
    ...{ name, title, release, expect, memoryMiB, vcpus, default: usual },
    ...(place && { place }),
  };
}

function pathIn(root: string, file: string): string {
  const path = relative(root, file);
  return path.startsWith("..") ? file : path;
}

function render({ scenarios, hosts, tags }: Listing, color: boolean): string {
  const heading = (text: string) => `${color ? styleText("bold", text) : text}\n`;
  const none = [["", "none"]];
  const scenarioRows = scenarios.map(({ id, title, tags }) => ["", id, title, tags.join(", ")]);
  const hostRows = hosts.map(({ name, title, expect, place, default: usual }) => {
    if (place) return ["", name, "", "", "", title];
    const versions = [`Xen ${expect.xen}`, `libvirt ${expect.libvirt}`, `Linux ${expect.kernel}`];
    return ["", name, ...versions, usual ? `${title}, the default` : title];
  });
  return [
    heading("Scenarios"),
    columns(scenarioRows.length > 0 ? scenarioRows : none),
    `\n${heading("Hosts")}`,
    columns(hostRows),
    `\n${heading("Tags")}`,
    columns(tags.length > 0 ? tags.map(({ name, scenarios }) => ["", name, `${scenarios}`]) : none),
  ].join("");
}
