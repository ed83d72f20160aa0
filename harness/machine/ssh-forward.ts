import { SshForwardFailed } from "./errors.ts";
import type { QmpClient } from "./qmp.ts";

const SSH_PORT = 22;

/**
 * Opens a port on 127.0.0.1 that leads to a guest port behind a card of kind `user`, and gives
 * its number. Race-free: QEMU binds port 0, and the monitor tells which one the kernel chose.
 * @throws {SshForwardFailed}
 */
export async function addSshForward(
  qmp: QmpClient,
  nicId: string,
  guestPort = SSH_PORT,
): Promise<number> {
  const netdev = `${nicId}-net`;
  const before = await hostPorts(qmp, netdev, guestPort);
  const said = await monitor(qmp, `hostfwd_add ${netdev} tcp:127.0.0.1:0-:${guestPort}`);
  if (said.trim() !== "") throw new SshForwardFailed(nicId, said.trim());
  const after = await hostPorts(qmp, netdev, guestPort);
  const port = after.find((candidate) => !before.includes(candidate));
  if (port === undefined) throw new SshForwardFailed(nicId, "the monitor shows no new port");
  return port;
}

/** The host ports that lead to a guest port, the card's `forward` included. */
async function hostPorts(qmp: QmpClient, netdev: string, guestPort: number): Promise<number[]> {
  return parseUsernet(await monitor(qmp, "info usernet"), netdev)
    .filter((forward) => forward.guestPort === guestPort)
    .map((forward) => forward.hostPort);
}

async function monitor(qmp: QmpClient, line: string): Promise<string> {
  return qmp.execute<string>("human-monitor-command", { "command-line": line });
}

/** Reads HMP's `info usernet`: a table of connections for each user network. */
export function parseUsernet(
  text: string,
  netdev: string,
): { hostPort: number; guestPort: number }[] {
  const rows = text.split(/\r?\n/);
  const start = rows.findIndex((row) => /^\S/.test(row) && row.includes(`(${netdev})`));
  if (start === -1) return [];
  const rest = rows.slice(start + 1);
  const end = rest.findIndex((row) => /^\S/.test(row));
  return (end === -1 ? rest : rest.slice(0, end)).flatMap((row) => {
    const columns = /^\s+TCP\[HOST_FORWARD\]\s+\d+\s+\S+\s+(\d+)\s+\S+\s+(\d+)/.exec(row);
    return columns === null
      ? []
      : [{ hostPort: Number(columns[1]), guestPort: Number(columns[2]) }];
  });
}
