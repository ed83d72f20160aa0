import type { Dom0Settings } from "./host-spec.ts";
import type { ScenarioNeeds } from "./scenario-meta.ts";

/** Version ranges such as `>=4.13 <4.19`; a version in any of them is affected, none given means all. */
export interface AffectedVersions {
  xen?: string[];
  libvirt?: string[];
  kernel?: string[];
  /** QEMU in dom0. */
  qemu?: string[];
}

/** A text that an attempt leaves behind when this issue broke it. */
export interface FingerprintPattern {
  /** `reason` for the sentence of the attempt and its assertions, or a kind of evidence: `libxl`, `journal`, … */
  in: string;
  /** Matched against the text without times, ids and addresses; see harness/known/normalise.ts. */
  text: RegExp;
}

/** What a host does with the reproducer: the issue shows itself, or all is well. */
export type Prediction = "happens" | "absent";

/** How to see an issue. The body says what ought to hold: it fails where the issue happens. */
export interface ReproducerMeta {
  /** What is done, in a sentence. */
  does: string;
  /** What documents and sources promise, by name of the host. */
  predicted: Record<string, Prediction>;
  /** What hosts show instead, where a prediction turned out wrong; a later run is held against it. */
  corrected?: Record<string, Prediction>;
  /** Why the prediction was wrong, as far as that is known. */
  correction?: string;
  /** Hosts that are not asked, by name, with the reason. */
  notOn?: Record<string, string>;
  /** Seconds, as that of a scenario. */
  deadline: number;
  needs?: ScenarioNeeds;
  /** Settings of dom0 that bring the issue out; the host's own otherwise. */
  dom0?: Partial<Dom0Settings>;
}

/** One known issue: a file under scenarios/known-issues/. */
export interface KnownIssue {
  /** Such as `K05`; the file's name begins with it. */
  id: string;
  title: string;
  /** What a user sees. */
  symptom: string;
  affected: AffectedVersions;
  /** Commit and release that mend it, or what to do instead. */
  fix: string;
  /** Where it can be read. */
  source: string;
  /** All must match; an issue without any is never recognised. */
  fingerprint: FingerprintPattern[];
  reproducer?: ReproducerMeta;
  /** Why there is no reproducer. */
  cannotRun?: string;
}
