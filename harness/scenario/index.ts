/**
 * The public scenario API: the only part of the harness that scenarios import.
 * A scenario file default-exports what {@link scenario} returns; its id is its file name.
 */
export { scenario, type ScenarioDefinition, type ScenarioOptions } from "./define.ts";
export { knownIssue, type KnownIssueDefinition, type KnownIssueOptions } from "./known-issue.ts";
export { GUEST_DEBIAN_DISK as DEBIAN_DISK } from "../image/guest-paths.ts";
export { pygrubDisk } from "./pygrub-disk.ts";
export {
  answer,
  createDomain,
  createdDomain,
  withDevices,
  xlCreate,
  type RawDomainOptions,
} from "./raw-domain.ts";
export type { ScenarioContext } from "./context.ts";
export { ScenarioHost, type GuestOptions } from "./scenario-host.ts";
export {
  consoleContinuity,
  migrate,
  migrateArgv,
  watchJob,
  type Migration,
  type MigrateOptions,
} from "./migrate.ts";
export {
  canMigrateLive,
  MIGRATION_MODES,
  modeOptions,
  type MigrationMode,
} from "./migration-mode.ts";
export { diskLogIsWhole, sharedBlockDisk, sharedImage, type SharedDisk } from "./disk-log.ts";
export { detour } from "./detour.ts";
export { Wire } from "./wire.ts";
export { wireCard, type WireCard } from "./wire-card.ts";
export { migratesDespite, rename, resolveOwnName } from "./destination-name.ts";
export { libxlLog } from "./libxl-log.ts";
export { versionsOf } from "./versions.ts";
export { hasten, installGates, PhaseGate, type GatePoint } from "./phase-gate.ts";
export {
  callsPaused,
  clearRemains,
  describe,
  describeMove,
  setCalledPausedRight,
  settled,
  type Whereabouts,
} from "./whereabouts.ts";
export { verifyStayed, type Stay } from "./verify-stayed.ts";
export { verifyMove, type Move } from "./verify-move.ts";
export { INJECTION, imageToInject, verifyInjected } from "./injected-guest.ts";
export { guestfishScript, injectionSteps, mountedScript } from "./nova-injection.ts";
export { novaDecides, type NovaDecision } from "./nova-monitor.ts";
export { readJobInfos, jobFaults, type JobInfo } from "./job-info.ts";
export type { BootDiskOptions } from "./boot-disk.ts";
export { bridgeAddress } from "./bridge-address.ts";
export { convertImage, type DiskFormat } from "./convert-image.ts";
export { DataDisk, type BlockRange, type DataDiskOptions } from "./data-disk.ts";
export { diskBackends, type DiskBackend } from "./disk-backends.ts";
export type { Contract, Properties } from "../openstack/contract.ts";
export { promisedType } from "../openstack/nova-guest.ts";
export { RunningGuest } from "../guest/running-guest.ts";
export type { GuestDefinition, GuestDisk, GuestNic } from "../guest/domain.ts";
export type { GuestNow, GuestReport } from "../guest/report.ts";
export type { GuestType, PredictedOutcome, ScenarioNeeds } from "../spec/scenario-meta.ts";
export { promiseOfMigration, type MigrationPromise } from "../rules/migration-pair.ts";
export type { RunOptions } from "../host/booted-host.ts";
export type { ExecResult } from "../channel/transport.ts";
