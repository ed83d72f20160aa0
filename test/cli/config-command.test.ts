import t from "tap";
import { xenloop } from "./run-xenloop.ts";

interface Shown {
  file: string | null;
  settings: { key: string; value: unknown; origin: string }[];
}

t.test("config show tells where each value comes from", async (t) => {
  const text = "accel: tcg\nhosts:\n  debian-12:\n    dom0: { vcpusPin: true }\n";
  const cwd = t.testdir({ "xenloop.config.yaml": text });
  const env = { XENLOOP_JOBS: "2" };
  const args = ["--cache", "mine", "config", "show", "--json"];
  const { stdout } = await xenloop(args, { cwd, env });
  const { file, settings } = JSON.parse(stdout) as Shown;
  const find = (key: string) => settings.find((setting) => setting.key === key);
  t.equal(file, `${cwd}/xenloop.config.yaml`);
  t.match(find("accel"), { value: "tcg", origin: "xenloop.config.yaml:1:1" });
  t.match(find("jobs"), { value: 2, origin: "$XENLOOP_JOBS" });
  t.match(find("cache"), { value: `${cwd}/mine`, origin: "--cache" });
  t.match(find("retries"), { value: 0, origin: "default" });
  t.match(find("hosts.debian-12.dom0.vcpusPin"), {
    value: true,
    origin: "xenloop.config.yaml:4:13",
  });
});

t.test("a mistake in the file ends every command that reads it", async (t) => {
  const cwd = t.testdir({ "xenloop.config.yaml": "acel: tcg\njobs: 0\n" });
  const { exitCode, stderr } = await xenloop(["list"], { cwd });
  t.equal(exitCode, 64);
  t.match(stderr, 'xenloop.config.yaml:1:1: acel: unknown key; did you mean "accel"?');
  t.match(stderr, "xenloop.config.yaml:2:1: jobs:");
  t.match(stderr, "  → correct it there; `./xenloop config schema`");
});

t.test("config schema is JSON Schema with a description for every key", async (t) => {
  const { exitCode, stdout } = await xenloop(["config", "schema"]);
  t.equal(exitCode, 0);
  const schema = JSON.parse(stdout) as { $schema: string; properties: Record<string, Schema> };
  t.match(schema.$schema, "json-schema.org");
  t.strictSame(undescribed(schema.properties), []);
});

interface Schema {
  description?: string;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
}

function undescribed(properties: Record<string, Schema>, path = ""): string[] {
  return Object.entries(properties).flatMap(([key, schema]) => {
    const further = schema.additionalProperties;
    const inner = {
      ...schema.properties,
      ...(typeof further === "object" ? further.properties : {}),
    };
    return [
      ...(schema.description === undefined ? [`${path}${key}`] : []),
      ...undescribed(inner, `${path}${key}.`),
    ];
  });
}

t.test("a name in the file that is none is told with its line", async (t) => {
  for (const [text, ...said] of [
    ["retries: 1\ndefaultHosts: [debian-21]", "defaultHosts: there is no host", "debian-12"],
    ["retries: 1\ndefaultScenarios: [pvboot]", "defaultScenarios: no scenario", "pv-boot"],
    ["retries: 1\nreporters: [jnit]", "reporters: there is no reporter", "junit"],
  ] as const) {
    const cwd = t.testdir({ "xenloop.config.yaml": text });
    const { exitCode, stderr } = await xenloop(["run", "--dry-run"], { cwd });
    t.equal(exitCode, 64, text);
    for (const part of ["xenloop: xenloop.config.yaml:2:1: ", ...said]) t.match(stderr, part);
  }
  const cwd = t.testdir({ "xenloop.config.yaml": "defaultScenarios: [pv-boot]" });
  const { stderr } = await xenloop(["run", "--host", "debian-21"], { cwd });
  t.match(stderr, /^xenloop: there is no host/, "what is typed is not blamed on the file");
});
