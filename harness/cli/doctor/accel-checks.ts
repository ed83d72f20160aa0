import { readFile } from "node:fs/promises";
import { XenloopError, messageOf } from "../../base/error.ts";
import { probeAccel, type AccelProbe } from "../../machine/accel.ts";
import { accelProfile } from "../../machine/cpu-profile.ts";
import { qemuVersion } from "../../machine/qemu-version.ts";
import type { CliContext } from "../context.ts";
import { fail, ok, warn, type Check, type CheckResult } from "./check.ts";

const QEMU = "qemu-system-x86_64";

/** Probed once for all checks: it runs a boot sector, a second or so. */
const probes = new WeakMap<CliContext, Promise<AccelProbe>>();

function probe(ctx: CliContext): Promise<AccelProbe> {
  const known = probes.get(ctx);
  if (known !== undefined) return known;
  const started = ctx
    .settings()
    .then(({ values }) => probeAccel(values.accel, { qemu: QEMU, signal: ctx.signal }));
  probes.set(ctx, started);
  return started;
}

export const ACCEL_CHECKS: readonly Check[] = [
  {
    id: "qemu",
    title: "QEMU",
    run: (ctx) =>
      orFail(ctx, async () => {
        const version = await qemuVersion(QEMU);
        // What is wrong with the accelerator is the next check's to say.
        const accel = await probe(ctx).then(
          (found) => found.accel,
          () => "tcg" as const,
        );
        const { machine, cpu, quirks } = accelProfile(accel, version);
        const why = ctx.verbose ? quirks.map((quirk) => `\n${quirk.setting}: ${quirk.why}`) : [];
        return ok(`${version}, started with -machine ${machine} -cpu ${cpu}${why.join("")}`);
      }),
  },
  {
    id: "accel",
    title: "Accelerator",
    run: (ctx) =>
      orFail(ctx, async () => {
        const { accel, reason, timeFactor } = await probe(ctx);
        const speed = `deadlines × ${timeFactor}`;
        if (accel === "kvm") return ok(`KVM runs a boot sector; ${speed}`);
        const detail = `TCG, much slower than KVM; ${speed}`;
        return reason === undefined ? ok(detail) : warn(detail, "see KVM below");
      }),
  },
  {
    id: "kvm",
    title: "KVM",
    run: (ctx) =>
      orFail(ctx, async () => {
        const { kvm, reason, hint } = await probe(ctx);
        const { accel } = (await ctx.settings()).values;
        if (accel === "tcg") return ok("not tried: the accelerator is set to tcg");
        const state = [
          kvm.present ? "present" : "absent",
          kvm.openable ? "openable" : "not openable",
          kvm.works ? "runs code" : "runs nothing",
        ].join(", ");
        return kvm.works
          ? ok(state)
          : warn(reason === undefined ? state : `${state}: ${reason}`, hint);
      }),
  },
  {
    id: "nesting",
    title: "Nesting",
    run: (ctx) =>
      orFail(ctx, async () => {
        const { accel, hvmCapable, hint } = await probe(ctx);
        const flag = await virtFlag();
        const processor =
          flag === undefined
            ? "this processor shows neither SVM nor VMX"
            : `this processor has ${flag}`;
        const hosts = hvmCapable
          ? "nested hosts start PV, PVH and HVM guests"
          : "nested hosts start PV guests only";
        const detail = `${hosts} under ${accel.toUpperCase()}; ${processor}`;
        return hvmCapable ? ok(detail) : warn(detail, hint ?? "./xenloop run --accel tcg");
      }),
  },
];

async function virtFlag(): Promise<string | undefined> {
  const text = await readFile("/proc/cpuinfo", "utf8").catch(() => "");
  const flags = /^flags\s*:(.*)$/m.exec(text)?.[1]?.split(" ") ?? [];
  return ["svm", "vmx"].find((flag) => flags.includes(flag))?.toUpperCase();
}

async function orFail(ctx: CliContext, run: () => Promise<CheckResult>): Promise<CheckResult> {
  try {
    return await run();
  } catch (error) {
    ctx.signal.throwIfAborted();
    // Wrong settings are for the user to hear of as such, not as a sick machine.
    if (error instanceof XenloopError && error.kind === "usage") throw error;
    return fail(messageOf(error), error instanceof XenloopError ? error.hint : undefined);
  }
}
