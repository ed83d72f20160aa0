import { processMemory } from "../base/process-memory.ts";
import { SshTransport } from "../channel/ssh-transport.ts";
import { openSsh } from "../host/ssh-access.ts";
import type { Figures } from "./figures.ts";
import type { BenchHost, BenchSession } from "./session.ts";

/** Commands a repetition: the first ones load programs that later ones find in memory. */
const WARM_UP = 3;
const COMMANDS = 10;
const CROWDS = [1, 4, 8] as const;

/** Clones from nothing: to libvirt's answer, to all checks passed, to the earliest command. */
export async function measureClone(session: BenchSession, figures: Figures): Promise<void> {
  await session.template();
  await measureAnswer(session, figures);
  await measureReady(session, figures);
  await measureCommand(session, figures);
}

/** The same `virsh version` as of a boot, asked as soon as the host is somebody. */
async function measureAnswer(session: BenchSession, figures: Figures): Promise<void> {
  const since = clock();
  await using _ = await session.clone({
    onIdentified: async (host) => {
      await host.virsh(["version"]);
      figures.add("clone_virsh", since());
    },
  });
}

/** A clone is handed over when it has its identity and its health check has passed. */
async function measureReady(session: BenchSession, figures: Figures): Promise<void> {
  const since = clock();
  let loading = 0;
  await using _ = await session.clone({
    onIncoming: () => {
      loading = since();
    },
    onResumed: () => {
      figures.add("resume", since() - loading);
      figures.add("clone_running", since());
    },
    onAttached: () => {
      figures.add("clone_attached", since());
      return Promise.resolve();
    },
    phase: (name) => {
      const begun = since();
      return () => {
        if (name === "identity") figures.add("clone_identity", since() - begun);
        if (name === "health") figures.add("clone_health", since() - begun);
      };
    },
  });
  figures.add("clone_ready", since());
}

async function measureCommand(session: BenchSession, figures: Figures): Promise<void> {
  const since = clock();
  await using _ = await session.clone({
    onAttached: async (attached) => {
      await attached.run(["true"]);
      figures.add("clone_command", since());
    },
  });
}

/** Milliseconds since it was made. */
function clock(): () => number {
  const started = performance.now();
  return () => performance.now() - started;
}

/** Each repetition is a clone of its own; every command is a value. */
export async function measureLatency(session: BenchSession, figures: Figures): Promise<void> {
  await using running = await session.clone();
  const { host } = running;
  const virsh = ["virsh", "--connect", "xen:///system", "version"];
  await timed(
    (argv) => host.run(argv),
    ["true"],
    (ms) => figures.add("channel_true", ms),
  );
  await timed(
    (argv) => host.run(argv),
    virsh,
    (ms) => figures.add("channel_virsh", ms),
  );
  const { target } = await openSsh(running, session.request.cache);
  const ssh = await SshTransport.connect(target);
  try {
    await timed(
      (argv) => ssh.exec(argv),
      ["true"],
      (ms) => figures.add("ssh_true", ms),
    );
  } finally {
    await ssh.close();
  }
}

async function timed(
  run: (argv: string[]) => Promise<unknown>,
  argv: string[],
  take: (ms: number) => void,
): Promise<void> {
  for (let i = 0; i < WARM_UP + COMMANDS; i += 1) {
    const started = performance.now();
    await run(argv);
    if (i >= WARM_UP) take(performance.now() - started);
  }
}

/** 1, 4 and 8 clones that have answered once and have nothing to do; every clone is a value. */
export async function measureMemory(session: BenchSession, figures: Figures): Promise<void> {
  const hosts: BenchHost[] = [];
  try {
    for (const count of CROWDS) {
      while (hosts.length < count) {
        const host = await session.clone();
        hosts.push(host);
        await host.host.virsh(["version"]);
      }
      for (const { machine } of hosts) {
        const memory = await processMemory(machine.process.pid);
        figures.add(`private_${count}`, memory.private);
        figures.add(`shared_${count}`, memory.shared);
        if (count === 8) figures.add("pss_8", memory.pss);
      }
    }
  } finally {
    await Promise.all(hosts.map((host) => host[Symbol.asyncDispose]()));
  }
}
