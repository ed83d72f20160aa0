import t from "tap";
import { parseConfig } from "../../harness/config/parse.ts";
import { resolveSettings, type ResolveInput } from "../../harness/config/resolve.ts";

const EMPTY = { path: undefined, values: {}, where: () => "" };
const resolve = (input: Partial<ResolveInput>) =>
  resolveSettings({ cwd: "/home/me/project", env: { HOME: "/home/me" }, config: EMPTY, ...input });
const config = (text: string) => ({
  path: "/etc/project/c.yaml",
  ...parseConfig(text, "c.yaml"),
});

t.test("defaults", async (t) => {
  const { values, origins } = resolve({});
  t.equal(values.cache, "/home/me/.cache/xenloop");
  t.equal(values.runs, "/home/me/project/runs");
  t.equal(values.accel, "auto");
  t.equal(values.storeBudget, 40 * 2 ** 30);
  t.equal(origins.accel, "default");
  const env = { XDG_CACHE_HOME: "/xdg" };
  t.equal(resolve({ env }).values.cache, "/xdg/xenloop");
});

t.test("option over environment over file over default", async (t) => {
  const file = config("accel: kvm\njobs: 2\nstore: { budget: 1G }");
  const env = { XENLOOP_ACCEL: "tcg", XENLOOP_JOBS: "" };
  const options = { accel: { value: "auto", option: "--accel" } };
  const all = resolve({ config: file, env, options });
  t.equal(all.values.accel, "auto");
  t.equal(all.origins.accel, "--accel");
  const noOption = resolve({ config: file, env });
  t.equal(noOption.values.accel, "tcg");
  t.equal(noOption.origins.accel, "$XENLOOP_ACCEL");
  t.equal(noOption.values.jobs, 2, "an empty variable is not set");
  t.equal(noOption.origins.jobs, "c.yaml:2:1");
  t.equal(noOption.values.storeBudget, 2 ** 30);
  t.equal(noOption.origins.storeBudget, "c.yaml:3:10");
});

t.test("relative paths start where they are written", async (t) => {
  const file = config("cache: store\nruns: ~/runs");
  t.equal(resolve({ config: file }).values.cache, "/etc/project/store");
  t.equal(resolve({ config: file, env: { HOME: "/h" } }).values.runs, "/h/runs");
  const options = { cache: { value: "mine", option: "--cache" } };
  t.equal(resolve({ config: file, options }).values.cache, "/home/me/project/mine");
});

t.test("repeated options are one list", async (t) => {
  const options = { reporters: { value: ["list", "junit=a.xml"], option: "--reporter" } };
  t.strictSame(resolve({ options }).values.reporters, ["list", "junit=a.xml"]);
});

t.test("every wrong option and variable is named at once", async (t) => {
  const env = { XENLOOP_JOBS: "0", XENLOOP_TIMEOUT_SCALE: "fast", XENLOOP_RETRIES: "11" };
  const options = { keep: { value: "maybe", option: "--keep" } };
  t.throws(() => resolve({ env, options }), {
    code: "CONFIG_INVALID",
    problems: [
      { where: "$XENLOOP_JOBS", what: 'must be "auto" or a whole number from 1, not "0"' },
      { where: "$XENLOOP_RETRIES", what: 'must be a whole number from 0 to 10, not "11"' },
      { where: "--keep", what: 'must be one of on-failure, never, always, not "maybe"' },
      { where: "$XENLOOP_TIMEOUT_SCALE", what: 'must be a number above 0, not "fast"' },
    ],
  });
});
