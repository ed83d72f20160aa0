import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { formatBytes, parseBytes } from "./bytes.ts";

export type AccelMode = "auto" | "kvm" | "tcg";
export type KeepMode = "on-failure" | "never" | "always";

/** What a run obeys, after options, environment, file and defaults are laid over each other. */
export interface Settings {
  /** Absolute directory of images, templates and packages. */
  cache: string;
  /** Absolute directory in which each run makes its own. */
  runs: string;
  accel: AccelMode;
  backend: "qemu" | "vagrant";
  jobs: number | "auto";
  retries: number;
  keep: KeepMode;
  timeoutScale: number;
  reporters: string[];
  defaultHosts: string[];
  /** What `run` without any choice runs: the main job, minutes and not hours. */
  defaultScenarios: string[];
  /** Tags that are known though no scenario carries them. */
  tags: string[];
  /** Undefined: apt's own sources. */
  mirror: string | undefined;
  /** Bytes. */
  storeBudget: number;
}
export type SettingName = keyof Settings;

export interface SettingSpec<T> {
  env?: string;
  /** Where the value lies in the configuration file. */
  key: readonly string[];
  /** What help and messages say a value must be. */
  accepts: string;
  /** Of an option, a variable, or a scalar of the file; undefined when it is none. */
  parse(text: string): T | undefined;
  fallback(env: NodeJS.ProcessEnv, cwd: string): T;
  /** What help says the default is, where the value itself would depend on the machine. */
  fallbackText?: string;
  /** Relative values start at the file's directory or the caller's. */
  isPath?: boolean;
}

/** One row per setting: the options of commands, help, `config show` and docs come from here. */
export const SETTINGS: { readonly [K in SettingName]: SettingSpec<Settings[K]> } = {
  cache: {
    env: "XENLOOP_CACHE",
    key: ["cache"],
    accepts: "a directory",
    parse: nonEmpty,
    fallback: (env) =>
      join(env["XDG_CACHE_HOME"] || join(env["HOME"] || homedir(), ".cache"), "xenloop"),
    fallbackText: "$XDG_CACHE_HOME/xenloop or ~/.cache/xenloop",
    isPath: true,
  },
  runs: {
    env: "XENLOOP_RUNS",
    key: ["runs"],
    accepts: "a directory",
    parse: nonEmpty,
    fallback: () => "runs",
    fallbackText: "runs",
    isPath: true,
  },
  accel: {
    env: "XENLOOP_ACCEL",
    key: ["accel"],
    ...oneOf("auto", "kvm", "tcg"),
    fallback: () => "auto",
  },
  backend: {
    env: "XENLOOP_BACKEND",
    key: ["backend"],
    ...oneOf("qemu", "vagrant"),
    fallback: () => "qemu",
  },
  jobs: {
    env: "XENLOOP_JOBS",
    key: ["jobs"],
    accepts: '"auto" or a whole number from 1',
    parse: (text) => (text === "auto" ? "auto" : whole(text, 1)),
    fallback: () => "auto",
  },
  retries: {
    env: "XENLOOP_RETRIES",
    key: ["retries"],
    accepts: "a whole number from 0 to 10",
    parse: (text) => whole(text, 0, 10),
    fallback: () => 0,
  },
  keep: {
    env: "XENLOOP_KEEP",
    key: ["keep"],
    ...oneOf("on-failure", "never", "always"),
    fallback: () => "never",
  },
  timeoutScale: {
    env: "XENLOOP_TIMEOUT_SCALE",
    key: ["timeoutScale"],
    accepts: "a number above 0",
    parse: (text) => (Number(text) > 0 && Number.isFinite(Number(text)) ? Number(text) : undefined),
    fallback: () => 1,
  },
  reporters: {
    env: "XENLOOP_REPORTERS",
    key: ["reporters"],
    accepts: "names such as list,line,junit=PATH,json=PATH,tap",
    parse: list,
    fallback: () => ["list"],
  },
  defaultHosts: {
    key: ["defaultHosts"],
    accepts: "names of hosts",
    parse: list,
    fallback: () => ["debian-12"],
  },
  defaultScenarios: {
    key: ["defaultScenarios"],
    accepts: "names of scenarios",
    parse: list,
    fallback: () => ["pv-boot", "hvm-boot"],
  },
  tags: { key: ["tags"], accepts: "tags", parse: list, fallback: () => [] },
  mirror: {
    env: "XENLOOP_MIRROR",
    key: ["mirror"],
    accepts: "the address of a Debian mirror",
    parse: (text) => (/^(https?|file):\/\/\S+$/.test(text) ? text : undefined),
    fallback: () => undefined,
    fallbackText: "apt's own sources",
  },
  storeBudget: {
    env: "XENLOOP_STORE_BUDGET",
    key: ["store", "budget"],
    accepts: 'a size such as "40GiB"',
    parse: parseBytes,
    fallback: () => 40 * 2 ** 30,
    fallbackText: formatBytes(40 * 2 ** 30),
  },
};

export const SETTING_NAMES = Object.keys(SETTINGS) as SettingName[];

function oneOf<const T extends string>(...choices: T[]) {
  return {
    accepts: `one of ${choices.join(", ")}`,
    parse: (text: string): T | undefined => choices.find((choice) => choice === text),
  };
}

function nonEmpty(text: string): string | undefined {
  return text === "" ? undefined : text;
}

function whole(text: string, min: number, max = Number.MAX_SAFE_INTEGER): number | undefined {
  const value = Number(text);
  return /^\d+$/.test(text) && value >= min && value <= max ? value : undefined;
}

function list(text: string): string[] | undefined {
  const words = text.split(",").map((word) => word.trim());
  return words.some((word) => word === "") ? undefined : words;
}

/** Absolute form of a path setting; `~` is the shell's business, but files and variables hold it too. */
export function expandPath(value: string, base: string, env: NodeJS.ProcessEnv): string {
  return resolve(base, value.replace(/^~(?=\/|$)/, env["HOME"] || homedir()));
}
