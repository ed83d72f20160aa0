import type { GuestNic } from "../guest/domain.ts";
import { wireAddress } from "./migration-mode.ts";
import type { ScenarioHost } from "./scenario-host.ts";

/** Bridge in which the wire ends; see harness/host/pair.ts. */
const BRIDGE = "xenbr1";
/** Beside the hosts' own; one guest at a time is on the wire. */
const ADDRESS = "192.168.77.9/24";
const ASKS = "xenloop.echo=";

/** What a guest is started with to be on the wire. */
export interface WireCard {
  nics: readonly GuestNic[];
  /** Words for its command line. */
  words: readonly string[];
}

/**
 * A card on the wire of a pair. At each tick the guest asks `peer`, which is at the wire's other
 * end once the guest has moved.
 */
export async function wireCard(peer: ScenarioHost): Promise<WireCard> {
  const words = [`xenloop.address=${ADDRESS}`, `${ASKS}${await wireAddress(peer)}`];
  // No emulated card: it would be one more device model to move.
  return { nics: [{ bridge: BRIDGE, model: "netfront" }], words };
}

/** Whether a guest with that command line asks a peer. */
export const hasPeer = (cmdline = ""): boolean => cmdline.includes(ASKS);
