/** `fail`: it does not work. `warn`: it works with a limit, or wants attention. */
export type RuleStatus = "ok" | "warn" | "fail";

export const TOPICS = [
  "minimum",
  "pairing",
  "migration",
  "monitoring",
  "guests",
  "disks",
  "host",
] as const;
export type Topic = (typeof TOPICS)[number];

/**
 * Where the knowledge comes from. `read`: source, git history or binary was read;
 * `seen`: a live host showed it as well; `derived`: follows from read source, was
 * not run; `unverified`: second-hand.
 */
export type Confidence = "seen" | "read" | "derived" | "unverified";

export interface Commit {
  repo: "xen" | "libvirt" | "nova";
  /** Nine digits at least, as published by the project's own repository. */
  hash: string;
  /** Its subject, or what it does. */
  what: string;
  /** First release with it. */
  firstIn: string;
}

/** Versions of both sides; an absent side is any version. */
export interface PairRange {
  xen?: string;
  libvirt?: string;
}

export interface Case extends PairRange {
  status: "warn" | "fail" | "ok";
  text: string;
  /** Commits that bring what is missing to this very branch. */
  backports?: Commit[];
}

/** One thing that depends on versions, as data. */
export interface Statement {
  /** `R..` and `K..` as in the project's list of rules and known issues, else a short name. */
  id: string;
  topic: Topic;
  subject: "xen" | "libvirt" | "pair";
  title: string;
  /** Where all is well. */
  range: PairRange;
  /** Said where all is well; absent where nothing is worth saying. */
  ok?: string;
  /** Looked through first, in order; where none fits and `range` does not hold, the statement is silent. */
  cases: Case[];
  /** What a user meets. */
  affects: string;
  /** The pair is not supported where this fails. */
  essential?: boolean;
  confidence: Confidence;
  commits: Commit[];
  links: string[];
  /** What the page "Xen via libvirt" claims. */
  page?: string;
  /** Where the page is wrong or not exact. */
  correction?: string;
}
