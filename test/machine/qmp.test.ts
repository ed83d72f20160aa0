import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import t, { type Test } from "tap";
import { startDaemon } from "../../harness/base/process.ts";
import { QmpClient } from "../../harness/machine/qmp.ts";
import { createSocketDir } from "../../harness/machine/socket-dir.ts";
import { tempDir } from "../fixtures/machine/tiny.ts";

const GREETING = '{"QMP": {"version": {"qemu": {"major": 7, "minor": 2, "micro": 22}}}}\n';

/** QEMU with no machine at all: a monitor and nothing else. */
async function startMonitor(t: Test) {
  const sockets = await createSocketDir();
  const path = join(sockets.path, "qmp");
  const argv = ["qemu-system-x86_64", "-nodefaults", "-display", "none", "-M", "none"];
  const options = { logFile: join(tempDir(t), "log") };
  const qemu = await startDaemon([...argv, "-qmp", `unix:${path},server=on,wait=off`], options);
  t.teardown(async () => {
    await qemu.terminate();
    await sockets.remove();
  });
  return { qemu, path };
}

/** A monitor that says what the test wants. */
async function startImpostor(t: Test, onConnection: (socket: Socket) => void) {
  const sockets = await createSocketDir();
  const path = join(sockets.path, "qmp");
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    onConnection(socket);
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  t.teardown(async () => {
    server.close();
    await sockets.remove();
  });
  return path;
}

t.test("a real QEMU: answers, errors, events", async (t) => {
  const { qemu, path } = await startMonitor(t);
  const qmp = await QmpClient.connect(path);
  t.match(qmp.version, /^\d+\.\d+\.\d+$/);
  t.match(await qmp.execute("query-status"), { running: true });
  await t.rejects(qmp.execute("no-such-command"), {
    code: "QMP_COMMAND_FAILED",
    message: /QEMU refuses no-such-command: .* has not been found/,
    errorClass: "CommandNotFound",
  });
  const both = [qmp.execute("query-version"), qmp.execute("query-name")];
  t.match(await Promise.all(both), [{ qemu: {} }, {}], "answers find their commands");

  const paused = qmp.waitForEvent("STOP");
  await qmp.execute("stop");
  t.equal((await paused).event, "STOP");

  const wanted = qmp.waitForEvent("SHUTDOWN", { where: ({ guest }) => guest === false });
  await qmp.execute("quit");
  t.match(await wanted, { data: { reason: "host-qmp-quit" } });
  await qemu.exited;
});

t.test("what waits when QEMU is killed is rejected", async (t) => {
  const { qemu, path } = await startMonitor(t);
  const qmp = await QmpClient.connect(path);
  let closed = 0;
  qmp.on("close", () => closed++);
  const event = qmp.waitForEvent("NEVER");
  process.kill(qemu.pid, "SIGKILL");
  await t.rejects(event, { code: "QMP_DISCONNECTED", message: /the event NEVER is awaited/ });
  await t.rejects(qmp.execute("query-status"), { code: "QMP_DISCONNECTED" });
  t.equal(closed, 1);
  t.ok(qmp.closed);
});

t.test("deadlines and signals end every wait", async (t) => {
  const { path } = await startMonitor(t);
  const qmp = await QmpClient.connect(path);
  await t.rejects(qmp.waitForEvent("NEVER", { timeoutMs: 20 }), {
    code: "QMP_TIMEOUT",
    message: "QEMU does not give the event NEVER within 0.02 s.",
  });
  const controller = new AbortController();
  const waiting = qmp.waitForEvent("NEVER", { signal: controller.signal });
  controller.abort(new Error("interrupted"));
  await t.rejects(waiting, { message: "interrupted" });
  t.equal(qmp.listenerCount("event") + qmp.listenerCount("close"), 0, "nothing is left behind");
  qmp.close();
});

t.test("a socket nobody opens", async (t) => {
  const path = join(tempDir(t), "qmp");
  await t.rejects(QmpClient.connect(path, { timeoutMs: 30 }), {
    code: "QMP_TIMEOUT",
    message: /its monitor socket within 0.03 s/,
  });
  const signal = AbortSignal.abort(new Error("interrupted"));
  await t.rejects(QmpClient.connect(path, { signal }), { message: "interrupted" });
});

t.test("something else than QEMU", async (t) => {
  const garbage = await startImpostor(t, (socket) => socket.write("220 smtp ready\r\n"));
  await t.rejects(QmpClient.connect(garbage), {
    code: "QMP_PROTOCOL_ERROR",
    message: /220 smtp ready/,
  });
  const silent = await startImpostor(t, () => undefined);
  await t.rejects(QmpClient.connect(silent, { timeoutMs: 30 }), {
    message: "QEMU does not give a greeting within 0.03 s.",
  });
  const hangsUp = await startImpostor(t, (socket) => socket.end(GREETING));
  await t.rejects(QmpClient.connect(hangsUp), { code: "QMP_DISCONNECTED" });
});

t.test("lines in pieces, several in one, out of order", async (t) => {
  const path = await startImpostor(t, (socket) => {
    socket.write(GREETING.slice(0, 10));
    socket.write(GREETING.slice(10));
    let asked = "";
    socket.on("data", (chunk) => {
      asked += chunk.toString();
      const ids = [...asked.matchAll(/"id":(\d+)/g)].map((match) => match[1]);
      if (ids.length === 1) socket.write(`{"return": {}, "id": ${ids[0]}}\n`);
      if (ids.length === 3) {
        const event = '{"event": "E", "timestamp": {}}\n';
        const late = `{"return": "b", "id": ${ids[2]}}\n`;
        socket.write(`${event}${late}{"return": "a", "id": ${ids[1]}}\n`);
      }
    });
  });
  const qmp = await QmpClient.connect(path);
  t.equal(qmp.version, "7.2.22");
  const event = qmp.waitForEvent("E");
  t.same(await Promise.all([qmp.execute("first"), qmp.execute("second")]), ["a", "b"]);
  t.same(await event, { event: "E", data: {} });
  qmp.close();
});
