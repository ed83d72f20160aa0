import { ChannelTransport, type ChannelConnectOptions } from "../channel/channel-client.ts";
import { SshTransport, type SshTarget } from "../channel/ssh-transport.ts";
import type { Transport } from "../channel/transport.ts";

/** How commands get into a host. */
export type HostReach =
  /** Unix socket of the machine's virtio-serial port. */
  { kind: "channel"; socket: string } | { kind: "ssh"; target: SshTarget };

export function reachHost(reach: HostReach, options: ChannelConnectOptions): Promise<Transport> {
  return reach.kind === "channel"
    ? ChannelTransport.connect(reach.socket, options)
    : SshTransport.connect(reach.target, options);
}
