import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import t from "tap";
import { ChannelTransport } from "../../harness/channel/channel-client.ts";
import { encodeFrame, FrameType, MAX_PAYLOAD } from "../../harness/channel/frames.ts";
import { AgentProcess, ended, socketDir, TIMEOUT, VirtioPort } from "./agent-process.ts";

/** Resolves with the pid that a command prints first; the command itself goes on. */
async function startPrintingPid(channel: ChannelTransport, script: string) {
  let tell = (_pid: number) => {};
  const pid = new Promise<number>((resolve) => (tell = resolve));
  const result = channel.exec(["sh", "-c", `echo $$; ${script}`], {
    onStdout: (chunk) => tell(Number(chunk.toString())),
  });
  result.catch(() => undefined);
  return { pid: await pid, result };
}

async function connect(port: VirtioPort): Promise<ChannelTransport> {
  return ChannelTransport.connect(port.socketPath, TIMEOUT);
}

t.test("clients follow one another; what the first left running is killed", async (t) => {
  const port = await VirtioPort.open(t, new AgentProcess(t));
  const first = await connect(port);
  const polite = await startPrintingPid(first, "exec sleep 100");
  const deaf = await startPrintingPid(first, "trap '' TERM; while :; do sleep 0.1; done");
  await first.close();
  await t.rejects(polite.result, { code: "CHANNEL_LOST", message: /connection .* is closed/ });
  await t.rejects(first.exec(["true"]), { code: "CHANNEL_LOST" });

  const second = await connect(port);
  t.equal((await second.exec(["echo", "again"])).stdout, "again\n");
  await ended(polite.pid);
  await ended(deaf.pid);
  await second.close();
});

t.test("a detached command outlives its client", async (t) => {
  const port = await VirtioPort.open(t, new AgentProcess(t));
  const first = await connect(port);
  const file = join(t.testdir(), "pid");
  const script = `echo $$ >${file}.new; mv ${file}.new ${file}; exec sleep 100`;
  first.exec(["sh", "-c", script], { detached: true }).catch(() => undefined);
  const waitForFile = `until cat ${file} 2>/dev/null; do sleep 0.01; done`;
  const pid = Number((await first.exec(["sh", "-c", waitForFile])).stdout);
  await first.close();
  const second = await connect(port);
  await second.exec(["true"]);
  t.doesNotThrow(() => process.kill(pid, "SIGKILL"));
  await ended(pid);
  await second.close();
});

t.test("a client that dies in mid-frame leaves nothing to the next", async (t) => {
  const agent = new AgentProcess(t);
  const port = await VirtioPort.open(t, agent);
  const first = await connect(port);
  const full = encodeFrame({ type: FrameType.stdin, payload: Buffer.alloc(MAX_PAYLOAD) });
  port.toAgent(full.subarray(0, 100));
  await first.close();
  const second = await connect(port);
  t.equal((await second.exec(["true"])).exitCode, 0);
  await second.close();
});

t.test("an agent left in mid-frame is reached by the repeated greeting", async (t) => {
  const port = await VirtioPort.open(t, new AgentProcess(t));
  const channel = await connect(port);
  const { result } = await startPrintingPid(channel, "exec sleep 100");
  const full = encodeFrame({ type: FrameType.start, payload: Buffer.alloc(MAX_PAYLOAD, 1) });
  port.toAgent(full.subarray(0, 100));
  // Makes the client greet again, while the agent sees no change of clients.
  port.toClient(encodeFrame({ type: FrameType.reset }));
  await t.rejects(result, { code: "CHANNEL_LOST" });
  t.equal((await channel.exec(["true"], TIMEOUT)).exitCode, 0);
  await channel.close();
});

t.test("garbage on the line, in both directions", async (t) => {
  const port = await VirtioPort.open(t, new AgentProcess(t));
  const channel = await connect(port);
  const noise = Buffer.from("\xa5X\xa5\xa5X\0\0 login: ", "latin1");
  const running = channel.exec(["cat"], { input: "whole" });
  port.toAgent(noise);
  port.toClient(noise);
  t.equal((await running).stdout, "whole");
  t.equal((await channel.exec(["echo", "still"])).stdout, "still\n");
  await channel.close();
});

t.test("missing frames are noticed, not papered over", async (t) => {
  const port = await VirtioPort.open(t, new AgentProcess(t));
  const channel = await connect(port);
  for (const inject of [
    (frame: Buffer) => port.toClient(frame),
    (frame: Buffer) => port.toAgent(frame),
  ]) {
    const { result, pid } = await startPrintingPid(channel, "exec sleep 100");
    inject(encodeFrame({ type: FrameType.pong, sequence: 4_000_000 }));
    await t.rejects(result, { code: "CHANNEL_LOST" });
    t.equal((await channel.exec(["true"])).exitCode, 0);
    await ended(pid);
  }
  await channel.close();
});

t.test("an agent killed and restarted", async (t) => {
  const agent = new AgentProcess(t);
  const port = await VirtioPort.open(t, agent);
  const channel = await connect(port);
  const { result, pid } = await startPrintingPid(channel, "exec sleep 100");
  await agent.kill();
  agent.restart();
  await t.rejects(result, {
    code: "CHANNEL_LOST",
    message: /sleep 100.*agent has reset the session/s,
  });
  t.equal((await channel.exec(["echo", "back"])).stdout, "back\n");
  process.kill(pid, "SIGKILL");
  await channel.close();
});

t.test("an agent that speaks another version", async (t) => {
  const path = join(socketDir(t), "socket");
  const server = createServer((socket: Socket) => {
    socket.on("error", () => {});
    socket.on("data", (hello: Buffer) => {
      const payload = hello.subarray(-16);
      socket.write(encodeFrame({ type: FrameType.helloAck, stream: 99, payload }));
    });
  });
  server.listen(path);
  t.teardown(() => server.close());
  await once(server, "listening");
  await t.rejects(ChannelTransport.connect(path, TIMEOUT), {
    code: "CHANNEL_VERSION_MISMATCH",
    message: /protocol 99/,
  });
});

t.test("a silent agent", async (t) => {
  const path = join(socketDir(t), "socket");
  const sockets: Socket[] = [];
  const server = createServer((socket) => void sockets.push(socket.resume()));
  server.listen(path);
  t.teardown(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  await once(server, "listening");
  await t.rejects(ChannelTransport.connect(path, { timeoutMs: 400 }), {
    code: "CHANNEL_UNAVAILABLE",
    message: /within 400 ms/,
  });
});
