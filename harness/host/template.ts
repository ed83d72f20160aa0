import { copyFile, mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { messageOf, XenloopError } from "../base/error.ts";
import { sha256File, sha256Json } from "../base/hash.ts";
import { findProgram } from "../base/process-path.ts";
import type { HostImage } from "../image/host-image.ts";
import type { Store } from "../image/store.ts";
import { machineArgv } from "../machine/command-line.ts";
import { MONITOR_ANSWERS } from "../machine/interrogate.ts";
import { saveState } from "../machine/migrate.ts";
import { resumeStub } from "../machine/resume-stub.ts";
import { speedUpAgent } from "./agent-library.ts";
import { markEndOfTemplate } from "./clone-mark.ts";
import { HostLost, TemplateUnusable } from "./errors.ts";
import type { BootedHost } from "./booted-host.ts";
import { collectEvidence } from "./evidence.ts";
import { StoredTemplate } from "./stored-template.ts";
import { whyRefused } from "./template-mismatch.ts";
import { hostMachine, TEMPLATE_MAC } from "./host-machine.ts";
import { rememberLibvirt } from "./identity.ts";
import { readyForPair } from "./pair.ts";
import {
  bootHost,
  unlessLost,
  type HostRuntime,
  type RunningHost,
  type StartHostOptions,
} from "./running-host.ts";

/** Changes when the harness takes templates in another way. */
const TEMPLATE_FORMAT = 5;

export interface TemplateRequest {
  image: HostImage;
  runtime: HostRuntime;
  store: Store;
  /** For the logs of the boot that makes the template. */
  logDirectory: string;
  signal?: AbortSignal;
  phase: StartHostOptions["phase"];
  onBuild?(reason: string): void;
  /** Told why a template of this host that is there is not used. */
  onRefused?(reason: string): void;
}

/** A booted host frozen in the store; booted now when there is none that fits. */
export async function ensureTemplate(request: TemplateRequest): Promise<StoredTemplate> {
  const inputs = await templateInputs(request.image, request.runtime);
  const entry = await request.store.ensure({
    kind: "template",
    key: sha256Json(inputs),
    inputs,
    ...(request.signal && { signal: request.signal }),
    ...(request.onBuild && { onBuild: request.onBuild }),
    build: async (directory) => {
      const refused = await whyRefused(request.store, request.image.spec.name, inputs);
      if (refused !== undefined) request.onRefused?.(refused);
      await freeze(request, directory);
    },
  });
  return new StoredTemplate(request.store, entry);
}

/** Everything that makes a saved state valid; any difference makes another template. */
export async function templateInputs(
  image: HostImage,
  runtime: HostRuntime,
): Promise<Record<string, unknown>> {
  const qemu = findProgram(runtime.qemu, process.env.PATH) ?? runtime.qemu;
  const placeholder = hostMachine({
    ...runtime,
    image: { ...image, xen: "/XEN", kernel: "/KERNEL", initrd: "/INITRD" },
    disk: "/DISK",
    ram: { kind: "file", path: "/RAM", share: true },
    mac: TEMPLATE_MAC,
  });
  const paths = {
    ...{ serialLog: "/SERIAL.log", serialSocket: "/SERIAL" },
    ...{ qmpSocket: "/QMP", channelSocket: "/CHANNEL" },
  };
  return {
    format: TEMPLATE_FORMAT,
    host: image.spec.name,
    // The key names the image, the digest its bytes.
    image: image.key,
    digest: image.digest,
    // Machine type, CPU model, devices, memory and both command lines are all in it.
    argv: machineArgv({ ...placeholder, ...paths }),
    qemu: await sha256File(qemu),
    accel: runtime.profile.accel,
    ...(runtime.profile.accel === "kvm" && { cpu: await outerCpu() }),
  };
}

/** Under KVM the guest's CPU is this machine's; emulated ones are the same everywhere. */
async function outerCpu(): Promise<string> {
  const text = await readFile("/proc/cpuinfo", "utf8");
  const lines = text
    .split("\n")
    .filter((line) => /^(vendor_id|model name|flags|microcode)/.test(line));
  return [...new Set(lines)].join("\n");
}

async function freeze(request: TemplateRequest, directory: string): Promise<void> {
  const scratch = join(directory, "boot");
  try {
    await freezeBoot(request, directory, scratch);
  } catch (error) {
    // Where the disk is full the logs cannot be kept either; why the boot failed counts.
    await keepLogs(scratch, request.logDirectory).catch(() => undefined);
    throw error;
  }
  await keepLogs(scratch, request.logDirectory);
}

async function freezeBoot(
  request: TemplateRequest,
  directory: string,
  scratch: string,
): Promise<void> {
  const { image, runtime, signal, phase, logDirectory } = request;
  const ram = join(directory, "ram");
  const askWhy = async (host: BootedHost): Promise<void> => {
    await collectEvidence(host, {
      directory: logDirectory,
      full: true,
      onProblem: () => undefined,
    });
  };
  const running = await bootHost({
    image,
    runtime,
    hostname: `${image.spec.name}-template`,
    directory: scratch,
    // At the depth it will stay at: its backing disk is named relative to it.
    diskDirectory: directory,
    ram: { kind: "file", path: ram, share: true },
    relativeDisk: true,
    ...(signal && { signal }),
    phase,
    onBroken: askWhy,
  });
  let saving: Promise<void> | undefined;
  try {
    await unlessLost(image.spec.name, running.machine, signal, () => {
      saving = saveHost(request, running, { directory, scratch });
      return saving;
    });
  } catch (error) {
    if (!(error instanceof HostLost) && signal?.aborted !== true) {
      await askWhy(running.host).catch(() => undefined);
    }
    await running.stop();
    // Nobody answers it any more, so it ends; it works in directories that go next.
    await saving?.catch(() => undefined);
    if (error instanceof XenloopError) throw error;
    throw new TemplateUnusable(image.spec.name, messageOf(error), error);
  }
  await copyFile(join(scratch, "serial.log"), join(directory, "serial.log"));
  await writeFile(join(directory, "stub"), resumeStub());
  await writeFile(join(directory, "facts.json"), JSON.stringify(running.facts, null, 2));
  const { size } = await stat(ram);
  if (size === 0) throw new TemplateUnusable(image.spec.name, "its memory file is empty");
}

/** Makes a booted host ready to be copied, and stops it with its state in a file. */
async function saveHost(
  { phase, signal }: TemplateRequest,
  running: RunningHost,
  { directory, scratch }: { directory: string; scratch: string },
): Promise<void> {
  const prepared = phase("agent");
  prepared(await speedUpAgent(running.host, scratch, signal));
  const frozen = phase("freeze");
  await readyForPair(running.host);
  const { kernel, unpacked, initrd } = running.host.handle.kit;
  // Clones have in memory what their guests start with.
  await running.host.run(["sh", "-c", 'cat "$@" > /dev/null', "sh", kernel, unpacked, initrd]);
  await rememberLibvirt(running.host, running.identity);
  await markEndOfTemplate(running.host);
  await running.host.run(["sync"]);
  await running.host.detach();
  await saveState(running.machine.qmp, join(directory, "state"), signal ? { signal } : {});
  await running.machine.stop();
  frozen();
}

/** How the template booted, or did not, is evidence of every cell that needs it. */
async function keepLogs(scratch: string, logDirectory: string): Promise<void> {
  await mkdir(logDirectory, { recursive: true });
  for (const file of ["serial.log", "qemu-command.txt", "qemu.log", MONITOR_ANSWERS]) {
    // A machine that never started has left none.
    await copyFile(join(scratch, file), join(logDirectory, file)).catch(ifPresent);
  }
  await rm(scratch, { recursive: true, force: true });
}

function ifPresent(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOENT") throw error;
}
