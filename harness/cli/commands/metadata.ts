import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { messageOf } from "../../base/error.ts";
import { exitCode } from "../../events/exit-code.ts";
import { hostOffers } from "../../openstack/capabilities.ts";
import {
  contractOf,
  PV_AND_HVM,
  type Contract,
  type Properties,
} from "../../openstack/contract.ts";
import { IMAGE_PROPERTIES } from "../../openstack/image-properties.ts";
import { guestWord, offersOf, type GuestWord } from "../../openstack/nova-guest.ts";
import type { CliContext } from "../context.ts";
import { UsageInvalid } from "../errors.ts";
import { onFreshHost } from "../fresh-host.ts";
import type { OptionsOf } from "../table.ts";
import { indentedXml } from "../xml-text.ts";
import type spec from "./metadata.command.ts";

type Options = OptionsOf<typeof spec>;

const HELP = "xenloop metadata";

export async function run(ctx: CliContext, options: Options): Promise<number> {
  const properties = propertiesOf(options.property);
  const { host, boot, capabilities: file } = options;
  if (host !== undefined && file !== undefined) {
    throw new UsageInvalid("--host and --capabilities both say which host to ask", HELP);
  }
  if (host === undefined) {
    if (boot) throw new UsageInvalid("--boot needs --host, which boots the guest", HELP);
    const offers = file === undefined ? PV_AND_HVM : hostOffers(await readText(ctx, file));
    return answer(ctx, options, contractOf(properties, offers));
  }
  // What Nova refuses needs no host to be refused.
  contractOf(properties, PV_AND_HVM);
  return onFreshHost(ctx, host, options, async ({ host: booted }) => {
    const contract = contractOf(properties, await offersOf(booted));
    if (!boot || !contract.scheduling.chosen) return answer(ctx, options, contract);
    if (!options.json) tell(ctx, steps(contract));
    const started = performance.now();
    const guest = await guestWord(booted, contract);
    const ms = Math.round(performance.now() - started);
    if (options.json) tellJson(ctx, { ...contract, host, guest: { ...guest, ms } });
    else tell(ctx, [guestStep(guest, ms)]);
    return exitCode(guest.holds ? "passed" : "failed");
  });
}

function answer(ctx: CliContext, { json, boot, host }: Options, contract: Contract): number {
  const { chosen } = contract.scheduling;
  if (json) tellJson(ctx, { ...contract, ...(host !== undefined && { host }) });
  else tell(ctx, [...steps(contract), ...(boot ? ["guest      none: not scheduled here"] : [])]);
  return exitCode(chosen ? "passed" : "failed");
}

const tell = (ctx: CliContext, lines: readonly string[]): unknown =>
  ctx.stdout.write(`${lines.join("\n")}\n`);
const tellJson = (ctx: CliContext, value: object): unknown =>
  ctx.stdout.write(`${JSON.stringify(value, null, 2)}\n`);

function steps({ image, scheduling, xml }: Contract): string[] {
  const { chosen, reason, note } = scheduling;
  return [
    `image      ${pairs(image) || "no property that matters; PV by default"}`,
    `scheduling ${chosen ? "chosen" : "not chosen"}: ${reason}`,
    ...(note === undefined ? [] : [`           ${note}`]),
    `domain     ${indentedXml(xml).join("\n           ")}`,
  ];
}

function guestStep({ says, promised, holds, report }: GuestWord, ms: number): string {
  const judged = holds ? "as its image asks" : `its image asks for ${promised}`;
  const seconds = (ms / 1000).toFixed(1);
  return `guest      says it is ${says}, ${judged}; Linux ${report.kernel}, ${seconds} s`;
}

async function readText(ctx: CliContext, file: string): Promise<string> {
  return readFile(resolve(ctx.cwd, file), "utf8").catch((error: unknown) => {
    throw new UsageInvalid(`${file} cannot be read: ${messageOf(error)}`, HELP);
  });
}

function pairs(values: object): string {
  return Object.entries(values)
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(" ");
}

function propertiesOf(given: readonly string[]): Properties {
  const found = given.map((text) => {
    const at = text.indexOf("=");
    const name = text.slice(0, Math.max(at, 0));
    if (!IMAGE_PROPERTIES.includes(name)) {
      const known = IMAGE_PROPERTIES.join(", ");
      throw new UsageInvalid(`--property ${text} is not NAME=VALUE with one of ${known}`, HELP);
    }
    return [name, text.slice(at + 1)] as const;
  });
  return Object.fromEntries(found);
}
