import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import t from "tap";
import { runTool } from "../../harness/base/process.ts";
import { ChannelTransport } from "../../harness/channel/channel-client.ts";
import { AgentProcess, ended, socketDir, TIMEOUT } from "./agent-process.ts";

t.test("a command's output, status, input and surroundings", async (t) => {
  const channel = await new AgentProcess(t).connect(t);
  const dir = t.testdir();

  t.match(await channel.exec(["sh", "-c", "echo out; echo err >&2; exit 3"]), {
    stdout: "out\n",
    stderr: "err\n",
    exitCode: 3,
  });
  t.equal((await channel.exec(["cat"])).stdout, "", "input is closed when there is none");
  t.equal((await channel.exec(["cat"], { input: "text" })).stdout, "text");
  const bytes = randomBytes(300_000);
  t.ok((await channel.exec(["cat"], { input: bytes })).stdoutBytes.equals(bytes), "any bytes");
  const streamed = await channel.exec(["cat"], { input: Readable.from(["a", Buffer.from("b")]) });
  t.equal(streamed.stdout, "ab");
  t.equal((await channel.exec(["pwd"], { cwd: dir })).stdout, `${dir}\n`);
  t.equal((await channel.exec(["pwd"])).stdout, "/\n", "the next one is elsewhere again");
  const env = { A: "x=y", B: "two\nlines" };
  t.equal((await channel.exec(["sh", "-c", "echo $A:$B"], { env })).stdout, "x=y:two lines\n");
  const argv = ["", "a b", "$HOME", "it's", "\n", "ü"];
  t.equal((await channel.exec(["printf", "%s|", ...argv])).stdout, argv.join("|") + "|");
  const long = "x".repeat(100_000);
  t.equal((await channel.exec(["printf", "%s", long])).stdout, long, "an argv of several frames");
  const chunks: Buffer[] = [];
  const seen = await channel.exec(["echo", "hi"], { onStdout: (chunk) => chunks.push(chunk) });
  t.equal(Buffer.concat(chunks).toString() + seen.stdout, "hi\n");
});

t.test("status of commands that do not start or are killed", async (t) => {
  const channel = await new AgentProcess(t).connect(t);
  const status = async (argv: string[], options = {}) => {
    const { exitCode, stderr } = await channel.exec(argv, options);
    return { exitCode, stderr };
  };
  t.match(await status(["no-such-program"]), { exitCode: 127, stderr: /no-such-program: No such/ });
  t.match(await status(["/etc/passwd"]), { exitCode: 126, stderr: /Permission denied/ });
  t.match(await status(["true"], { cwd: "/none" }), { exitCode: 125, stderr: /\/none: No such/ });
  t.match(await status(["true"], { env: { PATH: "/none" } }), { exitCode: 127 }, "its own PATH");
  t.match(await status(["true"]), { exitCode: 0 });
  t.match(await status(["sh", "-c", "kill -KILL $$"]), { exitCode: 137 });
  t.match(await status(["sh", "-c", "kill -PIPE $$; exit 1"]), { exitCode: 141 }, "SIGPIPE kills");
  await t.rejects(channel.exec([]), { code: "INVALID_COMMAND" });
  await t.rejects(channel.exec(["a\0b"]), { code: "INVALID_COMMAND" });
  await t.rejects(channel.exec(["a"], { env: { "A=B": "" } }), { code: "INVALID_COMMAND" });
});

t.test("a dom0 without free descriptors fails a command, not the agent", async (t) => {
  const agent = new AgentProcess(t);
  const channel = await agent.connect(t);
  const limit = async (files: number) =>
    runTool(["prlimit", `--pid=${agent.pid}`, `--nofile=${files}:`]);
  await limit(8);
  const { exitCode, stderr } = await channel.exec(["true"], TIMEOUT);
  t.equal(exitCode, 126);
  t.match(stderr, /^xenloop-agent: true: Too many open files/);
  await limit(256);
  t.equal((await channel.exec(["true"], TIMEOUT)).exitCode, 0);
});

t.test("commands run side by side", async (t) => {
  const channel = await new AgentProcess(t).connect(t);
  const fifo = join(t.testdir(), "fifo");
  await channel.exec(["mkfifo", fifo]);
  const waiting = channel.exec(["cat", fifo]);
  const numbers = Array.from({ length: 20 }, (_, i) => String(i));
  const results = await Promise.all(
    numbers.map((n) => channel.exec(["sh", "-c", `cat; echo ${n} >&2; exit ${n}`], { input: n })),
  );
  t.strictSame(
    results.map(({ stdout, stderr, exitCode }) => [stdout, stderr.trim(), String(exitCode)]),
    numbers.map((n) => [n, n, n]),
  );
  await channel.exec(["sh", "-c", `echo done >${fifo}`]);
  t.equal((await waiting).stdout, "done\n", "one that waits holds up no other");
});

t.test("a background child does not keep its parent from ending", async (t) => {
  const channel = await new AgentProcess(t).connect(t);
  const { stdout, exitCode } = await channel.exec(["sh", "-c", "sleep 100 & echo $!"], TIMEOUT);
  t.equal(exitCode, 0);
  process.kill(Number(stdout));
});

t.test("a deadline kills the process group and tells what was printed", async (t) => {
  const channel = await new AgentProcess(t).connect(t);
  const argv = ["sh", "-c", "echo working; sleep 100 & echo $!; wait"];
  const error = await channel.exec(argv, { timeoutMs: 300 }).catch((e: unknown) => e);
  t.match(error, {
    code: "COMMAND_TIMEOUT",
    message: /^sh -c .* does not end within 300 ms\. Its last output:\nworking\n\d+$/s,
  });
  const pid = Number(/\d+$/.exec((error as Error).message)?.[0]);
  await ended(pid);
  t.equal((await channel.exec(["true"])).exitCode, 0);
});

t.test("a command deaf to SIGTERM is killed", async (t) => {
  const channel = await new AgentProcess(t).connect(t);
  const argv = ["sh", "-c", "trap '' TERM; while :; do sleep 0.1; done"];
  await t.rejects(channel.exec(argv, { timeoutMs: 100 }), { code: "COMMAND_TIMEOUT" });
  t.equal((await channel.exec(["true"])).exitCode, 0);
});

t.test("a command that prints without end is killed", async (t) => {
  const channel = await new AgentProcess(t).connect(t);
  const file = join(t.testdir(), "pid");
  for (const [stream, redirection] of Object.entries({ output: "", error: ">&2" })) {
    const argv = ["sh", "-c", `echo $$ >${file}; exec yes ${redirection}`];
    await t.rejects(channel.exec(argv, { timeoutMs: 20_000 }), {
      code: "COMMAND_OUTPUT_TOO_LONG",
      message: new RegExp(`more than 64 MiB on standard ${stream}\\. Its last output:\ny`),
    });
    await ended(Number(readFileSync(file, "utf8")));
  }
  let bytes = 0;
  const long = await channel.exec(["head", "-c", String(65 * 2 ** 20), "/dev/zero"], {
    onStdout: (chunk) => {
      bytes += chunk.length;
    },
  });
  t.same([long.exitCode, bytes], [0, 65 * 2 ** 20], "what somebody takes may be longer");
});

t.test("an abort signal ends a command", async (t) => {
  const channel = await new AgentProcess(t).connect(t);
  const abort = new AbortController();
  const running = channel.exec(["sh", "-c", "echo on; exec sleep 100"], {
    signal: abort.signal,
    onStdout: () => abort.abort(new Error("the run is over")),
  });
  await t.rejects(running, { code: "COMMAND_ABORTED", message: /the run is over.*\non/s });
  const already = channel.exec(["sleep", "100"], { signal: AbortSignal.abort() });
  await t.rejects(already, { code: "COMMAND_ABORTED" });
});

t.test("a command that reads only part of its input", async (t) => {
  const channel = await new AgentProcess(t).connect(t);
  const endless = new Readable({
    read() {
      this.push(Buffer.alloc(65536, "x"));
    },
  });
  const { stdout } = await channel.exec(["head", "-c", "3"], { input: endless, ...TIMEOUT });
  t.equal(stdout, "xxx");
  t.ok(endless.destroyed);
});

t.test("an input that fails ends its command", async (t) => {
  const channel = await new AgentProcess(t).connect(t);
  const broken = Readable.from(
    (function* () {
      yield "some";
      throw new Error("disk on fire");
    })(),
  );
  await t.rejects(channel.exec(["cat"], { input: broken }), {
    code: "COMMAND_STREAM_FAILED",
    message: /cat fails: disk on fire/,
  });
});

t.test("nobody answers", async (t) => {
  const nowhere = join(socketDir(t), "socket");
  await t.rejects(ChannelTransport.connect(nowhere, { timeoutMs: 100 }), {
    code: "CHANNEL_UNAVAILABLE",
    message: /within 100 ms; .*ENOENT/,
  });
  const reason = new Error("the machine died");
  const aborted = ChannelTransport.connect(nowhere, {
    ...TIMEOUT,
    signal: AbortSignal.any([AbortSignal.timeout(50), AbortSignal.abort(reason)]),
  });
  await t.rejects(aborted, reason);
});

t.test("the agent comes up after the client", async (t) => {
  const agent = new AgentProcess(t);
  await agent.kill();
  const connecting = agent.connect(t);
  agent.restart();
  t.equal((await (await connecting).exec(["true"])).exitCode, 0);
});

t.test("the agent's own commands answer like programs", async (t) => {
  const channel = await new AgentProcess(t).connect(t);
  const before = Date.now() / 1000;
  const { stdout, stderr, exitCode } = await channel.exec(["xenloop:clock"]);
  // The agent counts microseconds, Date whole milliseconds that have passed.
  const after = (Date.now() + 1) / 1000;
  t.ok(Number(stdout) >= before && Number(stdout) <= after, stdout);
  t.match({ stderr, exitCode }, { stderr: "", exitCode: 0 });
  // Nothing is done to the machine of the test without the values.
  const wrong = await channel.exec(["xenloop:remember-libvirt"]);
  t.match(wrong, { exitCode: 1, stdout: "", stderr: /HOST_UUID/ });
});
