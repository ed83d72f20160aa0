import { once } from "node:events";
import { createConnection } from "node:net";
import { join } from "node:path";
import t from "tap";
import { startMachine } from "../../harness/machine/machine.ts";
import { addSshForward, parseUsernet } from "../../harness/machine/ssh-forward.ts";
import { tempDir, tinySpec } from "../fixtures/machine/tiny.ts";

t.test("QEMU listens on a port of its own choice", async (t) => {
  const nics = [
    { id: "lan", mac: "52:54:00:00:00:01", kind: "user" },
    { id: "wire", mac: "52:54:00:00:00:02", kind: "unplugged" },
  ] as const;
  const spec = tinySpec({ nics, paused: true });
  const machine = await startMachine(spec, { dir: join(tempDir(t), "machine") });
  t.teardown(() => machine.stop());
  const first = await addSshForward(machine.qmp, "lan");
  const second = await addSshForward(machine.qmp, "lan");
  t.not(first, second);
  for (const port of [first, second]) {
    const socket = createConnection({ host: "127.0.0.1", port });
    await once(socket, "connect");
    socket.destroy();
  }
  await t.rejects(addSshForward(machine.qmp, "wire"), {
    code: "SSH_FORWARD_FAILED",
    message: /QEMU opens no port towards wire: /,
  });
});

t.test("reads the table of one network among several", async (t) => {
  const head = "  Protocol[State]    FD  Source Address  Port   Dest. Address  Port RecvQ SendQ";
  const table = [
    "Hub -1 (a-net):",
    head,
    "  TCP[HOST_FORWARD]  12       127.0.0.1 45441       10.0.2.15    22     0     0",
    "  TCP[ESTABLISHED]   14       127.0.0.1 45441       10.0.2.15    22     0     0",
    "Hub -1 (b-net):",
    head,
    "  TCP[HOST_FORWARD]  13       127.0.0.1 40001       10.0.2.15    80     0     0",
    "",
  ].join("\r\n");
  t.same(parseUsernet(table, "a-net"), [{ hostPort: 45441, guestPort: 22 }]);
  t.same(parseUsernet(table, "b-net"), [{ hostPort: 40001, guestPort: 80 }]);
  t.same(parseUsernet(table, "c-net"), []);
});
