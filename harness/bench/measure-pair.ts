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
  let hosts: BenchHost[] = [];
  try {
    const ends = await pair.make(join(session.workspace.path, "pair"));
    const clones = await Promise.allSettled(
      PAIR_NAMES.map((hostname, index) => session.clone({ hostname, pairEnd: ends[index]! })),
    );
    hosts = clones.flatMap((clone) => (clone.status === "fulfilled" ? [clone.value] : []));
    for (const clone of clones) if (clone.status === "rejected") throw clone.reason;
    figures.add("pair_cloned", performance.now() - started);
    const [a, b] = hosts as [BenchHost, BenchHost];
    await joinPair(a.host, b.host);
    figures.add("pair_joined", performance.now() - started);
  } finally {
    await Promise.allSettled(hosts.map((host) => host[Symbol.asyncDispose]()));
    await pair.remove();
  }
}
