import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { PassThrough } from "node:stream";
import { fileURLToPath } from "node:url";
import t, { type Test } from "tap";
import { SshTransport, sshOptions, type SshTarget } from "../../harness/channel/ssh-transport.ts";
import { ended } from "./agent-process.ts";

const BIN = fileURLToPath(new URL("fixtures/bin", import.meta.url));

/** A transport whose ssh is the fixture; `log` is what that ssh was called with. */
async function connect(t: Test, target: Partial<SshTarget> = {}) {
  const logFile = join(t.testdir({ log: "" }), "log");
  process.env["SSH_LOG"] = logFile;
  process.env["PATH"] = `${BIN}:${process.env["PATH"]}`;
  const ssh = await SshTransport.connect({ port: 2222, identityFile: "/keys/id", ...target });
  t.teardown(() => ssh.close());
  return { ssh, log: () => readFileSync(logFile, "utf8") };
}

t.test("argv, status, input and surroundings", async (t) => {
  const { ssh } = await connect(t);
  const dir = t.testdir({ log: "" });
  t.match(await ssh.exec(["sh", "-c", "echo out; echo err >&2; exit 3"]), {
    stdout: "out\n",
    stderr: "err\n",
    exitCode: 3,
  });
  const argv = ["", "a b", "$HOME", "it's", "\n", "ü"];
  t.equal((await ssh.exec(["printf", "%s|", ...argv])).stdout, argv.join("|") + "|");
  const bytes = randomBytes(300_000);
  t.ok((await ssh.exec(["cat"], { input: bytes })).stdoutBytes.equals(bytes));
  t.equal((await ssh.exec(["cat"])).stdout, "");
  t.equal((await ssh.exec(["cat"], { input: Readable.from(["a", "b"]) })).stdout, "ab");
  t.equal((await ssh.exec(["pwd"], { cwd: dir })).stdout, `${dir}\n`);
  t.equal((await ssh.exec(["true"], { cwd: "/none" })).exitCode, 125);
  const env = { A: "x=y" };
  t.equal((await ssh.exec(["sh", "-c", "echo $A"], { env })).stdout, "x=y\n");
  t.equal((await ssh.exec(["no-such-program"])).exitCode, 127);
  t.equal((await ssh.exec(["sh", "-c", "kill -KILL $$"])).exitCode, 137);
  const chunks: Buffer[] = [];
  await ssh.exec(["echo", "hi"], { onStdout: (chunk) => chunks.push(chunk) });
  t.equal(Buffer.concat(chunks).toString(), "hi\n");
  const part = await ssh.exec(["head", "-c", "1"], { input: Buffer.alloc(1 << 20, "x") });
  t.equal(part.stdout, "x", "input that nobody reads is no failure");
});

t.test("a deadline kills the remote process group", async (t) => {
  const { ssh } = await connect(t);
  const argv = ["sh", "-c", "sleep 100 & echo $!; wait"];
  const error: unknown = await ssh.exec(argv, { timeoutMs: 500 }).catch((e: unknown) => e);
  t.match(error, { code: "COMMAND_TIMEOUT", message: /within 500 ms.*\n\d+$/s });
  await ended(Number(/\d+$/.exec((error as Error).message)?.[0]));
});

t.test("a command that prints without end is killed", async (t) => {
  const { ssh } = await connect(t);
  const file = join(t.testdir({ log: "" }), "pid");
  for (const [stream, redirection] of Object.entries({ output: "", error: ">&2" })) {
    const argv = ["sh", "-c", `echo $$ >${file}; exec yes ${redirection}`];
    await t.rejects(ssh.exec(argv, { timeoutMs: 20_000 }), {
      code: "COMMAND_OUTPUT_TOO_LONG",
      message: new RegExp(`more than 64 MiB on standard ${stream}\\. Its last output:\ny`),
    });
    await ended(Number(readFileSync(file, "utf8")));
  }
  let bytes = 0;
  const long = await ssh.exec(["head", "-c", String(65 * 2 ** 20), "/dev/zero"], {
    onStdout: (chunk) => {
      bytes += chunk.length;
    },
  });
  t.same([long.exitCode, bytes], [0, 65 * 2 ** 20], "what somebody takes may be longer");
});

t.test("an abort signal ends a command", async (t) => {
  const { ssh } = await connect(t);
  const abort = new AbortController();
  const running = ssh.exec(["sh", "-c", "echo on; exec sleep 100"], {
    signal: abort.signal,
    onStdout: () => abort.abort(new Error("the run is over")),
  });
  await t.rejects(running, { code: "COMMAND_ABORTED", message: /the run is over/ });
});

t.test("files up and down", async (t) => {
  const { ssh } = await connect(t);
  const path = join(t.testdir({ log: "" }), "file");
  const bytes = randomBytes(4 << 20);
  await ssh.upload(Readable.from([bytes]), path, 0o640);
  const sink = new PassThrough();
  const [received] = await Promise.all([buffer(sink), ssh.download(path, sink)]);
  t.ok(received.equals(bytes));
  await t.rejects(ssh.download(`${path}-none`, new PassThrough().resume()), {
    code: "TRANSFER_FAILED",
    message: /No such file/,
  });
  const broken = Readable.from(
    (function* () {
      yield "half";
      throw new Error("source went away");
    })(),
  );
  await t.rejects(ssh.upload(broken, path), { code: "COMMAND_STREAM_FAILED" });
  t.ok(readFileSync(path).equals(bytes));
});

t.test("one connection, nothing of the user's configuration", async (t) => {
  const { ssh, log } = await connect(t);
  await ssh.close();
  for (const option of ["-F none", "BatchMode=yes", "IdentitiesOnly=yes", "Port=2222"]) {
    t.match(log(), option);
  }
  const controlPath = /ControlPath=(\S+)/.exec(log())?.[1] ?? "";
  t.ok(controlPath.length > 0 && controlPath.length < 90);
  t.notOk(existsSync(dirname(controlPath)), "its directory is gone");
  t.match(log(), /^-O exit /m);
});

t.test("a user who is root by sudo", async (t) => {
  const { ssh } = await connect(t, { user: "vagrant", sudo: true });
  const argv = ["sh", "-c", "echo $SUDO_UID $1 $A; cat", "sh", "it's"];
  const { stdout } = await ssh.exec(argv, { env: { A: "b" }, input: "in" });
  t.equal(stdout, "1000 it's b\nin");
  const late = ["sh", "-c", "sleep 100 & echo $!; wait"];
  const error: unknown = await ssh.exec(late, { timeoutMs: 500 }).catch((e: unknown) => e);
  t.match(error, { code: "COMMAND_TIMEOUT" });
  await ended(Number(/\d+$/.exec((error as Error).message)?.[0]));
});

t.test("a host key that lasts must be known", async (t) => {
  const target = { port: 22, identityFile: "/k" };
  const words = (knownHosts: SshTarget["knownHosts"]) => {
    return sshOptions({ ...target, ...(knownHosts && { knownHosts }) }).join(" ");
  };
  t.match(words(undefined), /StrictHostKeyChecking=no -o UserKnownHostsFile=\/dev\/null/);
  t.match(words("own"), /StrictHostKeyChecking=yes/);
  t.notMatch(words("own"), /KnownHostsFile/);
  t.match(words({ file: "/h" }), /StrictHostKeyChecking=yes -o UserKnownHostsFile=\/h/);
});

t.test("a host that is down", async (t) => {
  process.env["SSH_DOWN"] = "1";
  t.teardown(() => delete process.env["SSH_DOWN"]);
  await t.rejects(connect(t), { code: "SSH_UNAVAILABLE", message: /127\.0\.0\.1.*refused/ });
});
