import type { Test } from "tap";
import type { ExecResult } from "../channel/transport.ts";
import { domainXml } from "../guest/domain-xml.ts";
import type { GuestOptions, ScenarioHost } from "./scenario-host.ts";

const CREATE_TIMEOUT_MS = 120_000;

/** A domain that libvirt is asked to create from XML of the scenario's own, refused or not. */
export interface RawDomainOptions extends GuestOptions {
  name: string;
  /** Changes the XML that the harness would have used. */
  edit?: (xml: string) => string;
  /** Lets it run; it stays paused unless told, so that no guest boots where none is needed. */
  run?: boolean;
  /** Waits however long libvirtd's event loop stands still; virsh gives up after 30 s otherwise. */
  patient?: boolean;
}

/** `virsh create`, with libvirt's answer whatever it is; the domain goes when the test ends. */
export async function createDomain(
  t: Test,
  host: ScenarioHost,
  { edit = (xml) => xml, run = false, patient = false, ...guest }: RawDomainOptions,
): Promise<ExecResult> {
  const flags = run ? [] : ["--paused"];
  if (!host.keepsGuests) {
    t.teardown(() => host.virsh(["destroy", guest.name], { anyStatus: true }));
  }
  const keepalive = patient ? ["--keepalive-interval", "0"] : [];
  return host.virsh([...keepalive, "create", ...flags, "/dev/stdin"], {
    input: edit(domainXml(host.define(guest))),
    timeoutMs: CREATE_TIMEOUT_MS,
    anyStatus: true,
  });
}

/** As `createDomain`, for scenarios that are about what comes afterwards: it must succeed. */
export async function createdDomain(
  t: Test,
  host: ScenarioHost,
  options: RawDomainOptions,
): Promise<void> {
  const created = await createDomain(t, host, options);
  t.match(answer(created), /created from/, "the guest is created");
}

/** `xl create` of a paused domain, with the answer whatever it is; it goes when the test ends. */
export async function xlCreate(
  t: Test,
  host: ScenarioHost,
  name: string,
  lines: readonly string[],
): Promise<ExecResult> {
  const path = `/var/tmp/${name}.cfg`;
  // xl before 4.18 does not read from a pipe.
  await host.run(["tee", path], { input: [`name="${name}"`, ...lines, ""].join("\n") });
  if (!host.keepsGuests) t.teardown(() => host.xl(["destroy", name], { anyStatus: true }));
  return host.xl(["create", "-p", path], { timeoutMs: CREATE_TIMEOUT_MS, anyStatus: true });
}

/** Puts XML among the devices of a domain. */
export function withDevices(devices: string): (xml: string) => string {
  return (xml) => xml.replace("</devices>", `${devices}</devices>`);
}

/** What a command answered, in one line for an assertion. */
export function answer({ exitCode, stdout, stderr }: ExecResult): string {
  const text = `${stdout}${stderr}`.trim().replaceAll(/\s*\n\s*/g, "; ");
  return exitCode === 0 ? text : `exit ${exitCode}: ${text}`;
}
