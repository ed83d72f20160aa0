import { commitUrl } from "./commits.ts";
import type { Case, Commit, PairRange, RuleStatus, Statement, Topic } from "./statement.ts";
import { STATEMENTS } from "./statements/index.ts";
import { comparableVersion, inRange } from "./version.ts";

/** Versions as `xl info` and libvirt's daemon tell them, or as packages are called. */
export interface VersionPair {
  xen: string;
  libvirt: string;
}

export interface AnsweredStatement {
  id: string;
  topic: Topic;
  title: string;
  status: RuleStatus;
  text: string;
  affects: string;
  confidence: Statement["confidence"];
  commits: LinkedCommit[];
  links: string[];
  /** The page's own claim, and where it is wrong. */
  page?: string;
  correction?: string;
}

export interface LinkedCommit extends Commit {
  url: string;
}

/** An essential statement that fails. */
export interface NotMet {
  id: string;
  text: string;
  /** Ranges that would do; empty where it depends on the other side. */
  need: PairRange;
}

export interface Answer extends VersionPair {
  /** Nothing essential fails: the minimum is met, libvirt accepts this Xen, and saving works. */
  supported: boolean;
  /** The page's minimum: Xen 4.4.3 or 4.5.1, libvirt 1.2.15. */
  minimumMet: boolean;
  /** libvirt 1.3.2, or 1.3.5 with Xen 4.6 and newer. */
  recommendedMet: boolean;
  notMet: NotMet[];
  statements: AnsweredStatement[];
  /** Commits that bring to these very branches what the minimum and monitoring need. */
  backports: LinkedCommit[];
}

const MINIMUM_IDS = ["R01", "R03"];
const RECOMMENDED_ID = "R04";

/**
 * What is known about a pair of versions, released or not.
 * Throws `VersionUnreadableError`.
 */
export function answer(pair: VersionPair): Answer {
  comparableVersion(pair.xen);
  comparableVersion(pair.libvirt);
  const told = STATEMENTS.flatMap((statement) => {
    const verdict = judge(statement, pair);
    return verdict ? [{ statement, verdict }] : [];
  });
  const failed = told.filter(({ verdict }) => verdict.status === "fail");
  const fails = (id: string) => failed.some(({ statement }) => statement.id === id);
  const essential = failed.filter(({ statement }) => statement.essential);
  return {
    ...pair,
    supported: essential.length === 0,
    minimumMet: !MINIMUM_IDS.some(fails),
    recommendedMet: told.some(
      ({ statement, verdict }) => statement.id === RECOMMENDED_ID && verdict.status === "ok",
    ),
    notMet: essential.map(({ statement, verdict }) => ({
      id: statement.id,
      text: verdict.text,
      need: statement.range,
    })),
    statements: told.map(({ statement, verdict }) => present(statement, verdict)),
    backports: unique(told.flatMap(({ verdict }) => verdict.backports ?? [])).map(linked),
  };
}

function covers(range: PairRange, { xen, libvirt }: VersionPair): boolean {
  return (
    (range.xen === undefined || inRange(xen, range.xen)) &&
    (range.libvirt === undefined || inRange(libvirt, range.libvirt))
  );
}

type Verdict = Pick<Case, "text" | "backports"> & { status: RuleStatus };

function judge(statement: Statement, pair: VersionPair): Verdict | undefined {
  const special = statement.cases.find((one) => covers(one, pair));
  if (special) return special;
  if (statement.ok !== undefined && covers(statement.range, pair)) {
    return { status: "ok", text: statement.ok };
  }
  return undefined;
}

function present(statement: Statement, verdict: Verdict): AnsweredStatement {
  const { id, topic, title, affects, confidence, links, page, correction } = statement;
  return {
    id,
    topic,
    title,
    status: verdict.status,
    text: verdict.text,
    affects,
    confidence,
    commits: statement.commits.map(linked),
    links,
    ...(page === undefined ? {} : { page }),
    ...(correction === undefined ? {} : { correction }),
  };
}

function linked(commit: Commit): LinkedCommit {
  return { ...commit, url: commitUrl(commit) };
}

function unique(commits: Commit[]): Commit[] {
  return [...new Map(commits.map((commit) => [commit.hash, commit])).values()];
}
