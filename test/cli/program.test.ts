import { readFile, watch } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import t from "tap";
import { ROOT, XENLOOP, xenloop } from "./run-xenloop.ts";

t.test("version and help", async (t) => {
  const version = await xenloop(["--version"]);
  t.match(version, { exitCode: 0, stdout: /^\d+\.\d+\.\d+$/, stderr: "" });
  const help = await xenloop(["--help"]);
  t.match(help, { exitCode: 0, stderr: "" });
  for (const part of ["run ", "doctor", "list ", "Exit codes:", "130  interrupted"]) {
    t.match(help.stdout, part);
  }
  t.match(await xenloop(["list", "--help"]), { exitCode: 0, stdout: /--tags <EXPRESSION>/ });
  const long = (await xenloop(["history", "--help"])).stdout.split("\n");
  t.strictSame(
    long.filter((line) => line.length > 80),
    [],
    "no line is cut in a terminal of 80 columns",
  );
  t.match(await xenloop(["help", "lst"]), { exitCode: 64, stderr: /no command "lst"; did you/ });
  t.match(await xenloop([]), { exitCode: 64, stdout: "", stderr: /Usage: xenloop/ });
});

t.test("mistakes are told with the nearest right word and exit 64", async (t) => {
  for (const [args, message, hint] of [
    [
      ["lst"],
      'xenloop has no command "lst"; did you mean "list"? [COMMAND_UNKNOWN]',
      "xenloop list",
    ],
    [["config", "sho"], 'did you mean "show"?', "xenloop config show"],
    [
      ["list", "--tag", "pv"],
      'xenloop list has no option --tag; did you mean "--tags"?',
      "xenloop list --help",
    ],
    [["list", "--cahce=x"], 'did you mean "--cache"?', "xenloop list --help"],
    [["list", "--grep"], "argument missing", "xenloop list --help"],
    [["doctor", "now"], "too many arguments", "xenloop doctor --help"],
    [["completion", "tcsh"], "bash, zsh, fish", "xenloop completion --help"],
  ] as const) {
    const { exitCode, stdout, stderr } = await xenloop(args);
    t.equal(exitCode, 64, args.join(" "));
    t.equal(stdout, "");
    t.ok(stderr.startsWith("xenloop: "), stderr);
    t.match(stderr, message);
    t.match(stderr, `\n  → ${hint}`);
  }
});

t.test("a reader that goes away is no error", async (t) => {
  const { stdout, stderr } = await execa("bash", [
    "-c",
    `"$0" config schema | head -c 1; echo "\${PIPESTATUS[0]}"`,
    XENLOOP,
  ]);
  t.equal(stdout, "{0");
  t.equal(stderr, "");
});

t.test("SIGINT ends a command with 130 and leaves no process behind", async (t) => {
  const directory = t.testdir({});
  const file = join(directory, "pid");
  const seen = watch(directory, { signal: AbortSignal.timeout(30_000) });
  const running = execa(XENLOOP, ["test", "test/cli/fixtures/hangs.ts"], {
    cwd: ROOT,
    reject: false,
    stdin: "ignore",
    env: { XENLOOP_TEST_PID_FILE: file },
  });
  let pid = NaN;
  for await (const _ of seen) {
    pid = Number(await readFile(file, "utf8").catch(() => NaN));
    if (pid > 0) break;
  }
  running.kill("SIGINT");
  const { exitCode, stderr } = await running;
  t.equal(exitCode, 130);
  t.match(stderr, "xenloop: interrupted by SIGINT");
  t.throws(() => process.kill(pid, 0), { code: "ESRCH" }, "the test file is gone");
});
