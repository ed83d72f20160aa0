import t from "tap";
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
