/** A check of the whole project that is one program; each counts as one test. */
export interface StaticStep {
  title: string;
  /** Program of node_modules/.bin, and its arguments. */
  argv: readonly [program: string, ...args: string[]];
  /** What repairs it, where a command can. */
  fix?: string;
}

export const STATIC_STEPS: readonly StaticStep[] = [
  { title: "types", argv: ["tsc", "-p", "tsconfig.json", "--noEmit"] },
  { title: "lint", argv: ["eslint", "--max-warnings", "0", "."], fix: "npx eslint --fix ." },
  { title: "format", argv: ["prettier", "--check", "."], fix: "npx prettier --write ." },
  { title: "unused code", argv: ["knip"] },
];
