import t from "tap";
import { processStartTime } from "../../harness/base/process-identity.ts";
import { Scheduler } from "../../harness/run/scheduler.ts";

const cost = { memoryMiB: 100, cores: 1 };

/** Work that runs until it is told to end, and the order in which such work began. */
function works() {
  const began: string[] = [];
  const end = new Map<string, () => void>();
  const work = (name: string) => (): Promise<void> => {
    began.push(name);
    return new Promise((resolve) => end.set(name, resolve));
  };
  return { began, work, end: (name: string) => end.get(name)?.() };
}

/** Lets every promise that can go on do so. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

t.test("no more runs at once than cores, memory and --jobs allow", async (t) => {
  for (const limit of [{ cores: 2 }, { jobs: 2, cores: 8 }, { availableMiB: 1024 + 250 }]) {
    const { began, work, end } = works();
    const { availableMiB = 1e6, ...rest } = limit as { availableMiB?: number };
    const free = (): Promise<number> => Promise.resolve(availableMiB);
    const scheduler = new Scheduler({ cores: 8, ...rest, availableMiB: free });
    const all = Promise.all(["a", "b", "c"].map((name) => scheduler.run(cost, work(name))));
    await settle();
    t.same(began, ["a", "b"], JSON.stringify(limit));
    end("a");
    await settle();
    t.same(began, ["a", "b", "c"], "the next begins when one ends");
    end("b");
    end("c");
    await all;
  }
});

t.test("something always runs, however small the machine", async (t) => {
  const scheduler = new Scheduler({ cores: 1, availableMiB: () => Promise.resolve(0) });
  t.equal(await scheduler.run({ memoryMiB: 9999, cores: 4 }, () => Promise.resolve("ran")), "ran");
});

t.test("what others wait for runs before them, beside no more than fits", async (t) => {
  const { began, work, end } = works();
  const availableMiB = (): Promise<number> => Promise.resolve(1e6);
  const scheduler = new Scheduler({ cores: 2, availableMiB });
  const all = ["a", "b", "c"].map((name) => scheduler.run(cost, work(name)));
  await settle();
  all.push(scheduler.runNext(cost, work("image")));
  await settle();
  t.same(began, ["a", "b"], "not before there is room");
  end("b");
  await settle();
  t.same(began, ["a", "b", "image"]);
  for (const name of ["a", "image"]) end(name);
  await settle();
  end("c");
  await Promise.all(all);
});

t.test("what machines have taken is missing already, and not promised any more", async (t) => {
  // This process stands for the machine of each cell: it has taken more than one may.
  const taken = Buffer.alloc(cost.memoryMiB * 2 ** 20, 1);
  const { pid } = process;
  const own = { pid, startTime: processStartTime(pid) ?? 0 };
  const others = { pid, startTime: own.startTime + 1 };
  for (const [machine, fitting] of [
    [own, 5],
    [others, 3],
  ] as const) {
    let began = 0;
    let asked = 0;
    let end = (): void => undefined;
    const over = new Promise<void>((resolve) => (end = resolve));
    const availableMiB = async (): Promise<number> => {
      asked += 1;
      return 1024 + 500 - began * cost.memoryMiB;
    };
    const scheduler = new Scheduler({ cores: 8, availableMiB });
    const cells = [];
    for (let cell = 0; cell < 6; cell += 1) {
      const decided = asked;
      cells.push(
        scheduler.run(cost, (running) => {
          running.onMachine(machine);
          began += 1;
          return over;
        }),
      );
      // The first one is not asked for.
      while (cell > 0 && asked === decided) await settle();
      await settle();
    }
    t.equal(began, fitting, machine === own ? "measured" : "of a process that is gone");
    end();
    await Promise.all(cells);
  }
  t.equal(taken[0], 1);
});

t.test("a cost that changes counts as it is", async (t) => {
  const { began, work, end } = works();
  const scheduler = new Scheduler({ cores: 8, availableMiB: async () => 1024 + 250 });
  const changing = { memoryMiB: 200, cores: 1 };
  const all = [scheduler.run(cost, work("a")), scheduler.run(changing, work("b"))];
  await settle();
  t.same(began, ["a"]);
  changing.memoryMiB = 100;
  all.push(scheduler.run(cost, work("c")));
  await settle();
  t.same(began, ["a", "b"]);
  changing.memoryMiB = 0;
  all.push(scheduler.run(cost, work("d")));
  await settle();
  t.same(began, ["a", "b", "c"], "of one that runs, too");
  end("a");
  await settle();
  t.same(began, ["a", "b", "c", "d"]);
  for (const name of ["b", "c", "d"]) end(name);
  await Promise.all(all);
});
