/** Costs three clones, a quarter of a minute under emulation. */
import { once } from "node:events";
import { execa } from "execa";
import t from "tap";
import { ROOT, XENLOOP, xenloop } from "../cli/run-xenloop.ts";
import { socketDirectories } from "./live-run.ts";

t.setTimeout(0);

t.test("a command in a fresh host has its streams and its exit code", async (t) => {
  const script = "cat; pwd; echo complaint >&2; exit 7";
  const command = ["shell", "debian-12", "--yes", "--", "sh", "-c", script];
  const told = await xenloop(command, { stdin: "pipe", input: "given\n" });
  t.equal(told.exitCode, 7, told.stderr);
  t.equal(told.stdout, "given\n/root");
  t.match(told.stderr, /^complaint$/m);
});

t.test("a prompt has a terminal as large as the user's", async (t) => {
  const command = `stty rows 33 columns 77; exec ${XENLOOP} shell debian-12`;
  const argv = ["--quiet", "--return", "--flush", "--command", command, "/dev/null"];
  const terminal = execa("script", argv, { cwd: ROOT, reject: false, env: { TERM: "xterm" } });
  let shown = "";
  terminal.stdout.on("data", (chunk: Buffer) => (shown += chunk.toString()));
  const shows = async (pattern: RegExp) => {
    while (!pattern.test(shown)) await once(terminal.stdout, "data");
  };
  await shows(/root@debian-12:~# $/);
  terminal.stdin.write("stty size; tty; echo $TERM; hostname\r");
  await shows(/33 77\r+\n\/dev\/pts\/\d+\r+\nxterm\r+\ndebian-12\r+\n/);
  terminal.stdin.write("echo here; cat\r");
  await shows(/\rhere\r+\n/);
  terminal.stdin.write("as typed\r");
  await shows(/as typed\r+\nas typed\r+\n/);
  terminal.stdin.write("\x03");
  await shows(/\^C\r+\n[^\n]*root@debian-12:~# $/);
  terminal.stdin.write("exit 3\r");
  const { exitCode } = await terminal;
  t.equal(exitCode, 3, shown);
});

t.test("a signal that only xenloop gets ends a command, and the host goes", async (t) => {
  const command = ["shell", "debian-12", "--", "sh", "-c", "echo there; exec sleep 600"];
  const shell = execa(XENLOOP, command, { reject: false, stdin: "ignore" });
  await once(shell.stdout, "data");
  shell.kill("SIGTERM");
  const { exitCode, stderr } = await shell;
  t.equal(exitCode, 130, stderr);
  t.same(await socketDirectories(shell.pid!), [], "its machine is gone");
});
