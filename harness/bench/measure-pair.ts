import { join } from "node:path";
import { joinPair } from "../host/pair.ts";
import { PAIR_NAMES, PairEnds } from "../run/pair-ends.ts";
import type { Figures } from "./figures.ts";
import type { BenchHost, BenchSession } from "./session.ts";

/** Two clones from nothing, joined by a wire, each of whose libvirts answers the other. */
export async function measurePair(session: BenchSession, figures: Figures): Promise<void> {
  await session.template();
  const started = performance.now();
  const pair = new PairEnds();
  const hosts: BenchHost[] = [];
  try {
    const ends = await pair.make(join(session.workspace.path, "pair"));
    const clones = await Promise.allSettled(
      PAIR_NAMES.map(async (hostname, index) => {
        const host = await session.clone({ hostname, pairEnd: ends[index]! });
        hosts.push(host);
        return host;
      }),
    );
    for (const clone of clones) if (clone.status === "rejected") throw clone.reason;
    const cloned = performance.now();
    figures.add("pair_cloned", cloned - started);
    const [a, b] = PAIR_NAMES.map((name) => hosts.find(({ handle }) => handle.hostname === name)!);
    await joinPair(a!.host, b!.host);
    figures.add("pair_joined", performance.now() - started);
  } finally {
    await Promise.allSettled(hosts.map((host) => host[Symbol.asyncDispose]()));
    await pair.remove();
  }
}
