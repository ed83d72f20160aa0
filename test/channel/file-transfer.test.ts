import { createHash, type Hash, randomBytes } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { Readable, Writable } from "node:stream";
import t from "tap";
import { WINDOW } from "../../harness/channel/frames.ts";
import { AgentProcess } from "./agent-process.ts";

const MIB = 1024 * 1024;
const SENT_MIB = 192;

function* blocks(count: number, hash: Hash): Generator<Buffer> {
  const block = randomBytes(MIB);
  for (let i = 0; i < count; i++) {
    block.writeUInt32BE(i);
    hash.update(block);
    yield Buffer.from(block);
  }
}

t.test("192 MiB up and down with flat memory", async (t) => {
  const agent = new AgentProcess(t);
  const channel = await agent.connect(t);
  const path = join(t.testdir(), "file");
  const sent = createHash("sha256");
  const received = createHash("sha256");
  const agentBefore = agent.peakMemory();
  const clientBefore = process.memoryUsage().rss;
  let clientPeak = 0;
  await channel.upload(Readable.from(blocks(SENT_MIB, sent)), path, 0o600);
  await channel.download(
    path,
    new Writable({
      write(chunk: Buffer, _, done) {
        received.update(chunk);
        clientPeak = Math.max(clientPeak, process.memoryUsage.rss());
        done();
      },
    }),
  );
  t.equal(received.digest("hex"), sent.digest("hex"));
  t.equal(statSync(path).size, SENT_MIB * MIB);
  t.equal(statSync(path).mode & 0o777, 0o600);
  t.strictSame(readdirSync(join(path, "..")), ["file"], "no temporary file is left");
  const agentGrowth = agent.peakMemory() - agentBefore;
  t.ok(agentGrowth < 8 * MIB, `agent grows by ${agentGrowth}`);
  const clientGrowth = clientPeak - clientBefore;
  // Node lets some garbage lie, the blocks of this test among it; a file would not fit.
  t.ok(clientGrowth < (SENT_MIB / 2) * MIB, `client grows by ${clientGrowth}`);
});

t.test("a reader that stands still holds up its own command only", async (t) => {
  const agent = new AgentProcess(t);
  const channel = await agent.connect(t);
  const agentBefore = agent.peakMemory();
  const size = 32 * MIB;
  let release: (() => void) | undefined;
  let total = 0;
  const stuck = new Writable({
    write(chunk: Buffer, _, done) {
      total += chunk.length;
      if (release === undefined) release = done;
      else done();
    },
  });
  const path = join(t.testdir(), "zeros");
  await channel.exec(["truncate", "-s", String(size), path]);
  const downloading = channel.download(path, stuck);
  for (let i = 0; i < 20 || release === undefined; i++) await channel.exec(["true"]);
  t.ok(total + stuck.writableLength <= WINDOW + 64 * 1024, "no more than a window arrives");
  release();
  await downloading;
  t.equal(total, size);
  const growth = agent.peakMemory() - agentBefore;
  t.ok(growth < 4 * MIB, `agent grows by ${growth}`);
});

t.test("a command that does not read holds up its own input only", async (t) => {
  const agent = new AgentProcess(t);
  const channel = await agent.connect(t);
  const fifo = join(t.testdir(), "fifo");
  await channel.exec(["mkfifo", fifo]);
  let produced = 0;
  const source = Readable.from(
    (function* () {
      for (; produced < 32; produced++) yield Buffer.alloc(MIB);
    })(),
  );
  const waiting = channel.exec(["sh", "-c", `read line <${fifo}; wc -c`], { input: source });
  for (let i = 0; i < 20; i++) await channel.exec(["true"]);
  t.ok(produced < 20, `${produced} MiB were taken from the source`);
  await channel.exec(["sh", "-c", `echo go >${fifo}`]);
  t.equal((await waiting).stdout.trim(), String(32 * MIB));
});

t.test("transfers that fail leave the destination as it was", async (t) => {
  const channel = await new AgentProcess(t).connect(t);
  const dir = t.testdir({ file: "old", folder: {} });
  const broken = Readable.from(
    (function* () {
      yield "half";
      throw new Error("source went away");
    })(),
  );
  await t.rejects(channel.upload(broken, join(dir, "file")), {
    code: "COMMAND_STREAM_FAILED",
    message: /source went away/,
  });
  t.equal(readFileSync(join(dir, "file"), "utf8"), "old");
  const toNowhere = channel.upload(Readable.from(["x"]), join(dir, "none/file"));
  await t.rejects(toNowhere, { code: "TRANSFER_FAILED", message: /none\/file/ });
  await t.rejects(channel.upload(Readable.from(["x"]), join(dir, "folder")), {
    code: "TRANSFER_FAILED",
  });
  t.strictSame(readdirSync(dir).sort(), ["file", "folder"]);
});

t.test("a missing file, and a sink that fails", async (t) => {
  const channel = await new AgentProcess(t).connect(t);
  const path = join(t.testdir({ file: "content" }), "file");
  const sink = new Writable({ write: (_chunk, _, done) => done() });
  await t.rejects(channel.download(`${path}-none`, sink), {
    code: "TRANSFER_FAILED",
    message: /file-none: No such file/,
  });
  t.ok(sink.destroyed);
  const full = new Writable({ write: (_chunk, _, done) => done(new Error("disk full")) });
  await t.rejects(channel.download(path, full), { message: /disk full/ });
  t.ok(existsSync(path));
});

t.test("a transfer that is late, or not wanted any more, is given up", async (t) => {
  const channel = await new AgentProcess(t).connect(t);
  const dir = t.testdir({ file: "old" });
  const path = join(dir, "file");
  const interruption = new AbortController();
  const source = new Readable({ read() {} });
  source.push("half");
  const uploading = channel.upload(source, path, 0o644, { signal: interruption.signal });
  while (readdirSync(dir).length < 2) await channel.exec(["true"]);
  interruption.abort(new Error("the run is over"));
  await t.rejects(uploading, { code: "COMMAND_ABORTED", message: /the run is over/ });
  t.ok(source.destroyed);
  const silent = new Readable({ read() {} });
  await t.rejects(channel.upload(silent, path, 0o644, { timeoutMs: 300 }), {
    code: "COMMAND_TIMEOUT",
  });
  t.strictSame(readdirSync(dir), ["file"], "no temporary file is left");
  t.equal(readFileSync(path, "utf8"), "old");

  const fifo = join(dir, "fifo");
  await channel.exec(["mkfifo", fifo]);
  const sink = new Writable({ write: (_chunk, _, done) => done() });
  await t.rejects(channel.download(fifo, sink, { timeoutMs: 300 }), { code: "COMMAND_TIMEOUT" });
  t.ok(sink.destroyed);
});
