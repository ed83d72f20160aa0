import t from "tap";
import { BootGate } from "../../harness/run/boot-gate.ts";

/** Lets every promise that can go on do so. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

t.test("hosts boot at once as long as cores last, and one always does", async (t) => {
  for (const [cores, atOnce] of [
    [1, 1],
    [4, 2],
    [5, 2],
  ] as const) {
    const gate = new BootGate(cores);
    let booting = 0;
    let most = 0;
    const boots = Array.from({ length: 5 }, () =>
      gate.run({ vcpus: 2 }, async () => {
        booting += 1;
        most = Math.max(most, booting);
        await settle();
        await settle();
        booting -= 1;
      }),
    );
    await Promise.all(boots);
    t.equal(most, atOnce, `on ${cores} cores`);
  }
});

t.test("a boot that fails lets the next one begin", async (t) => {
  const gate = new BootGate(1);
  const failing = gate.run({ vcpus: 2 }, () => Promise.reject(new Error("panic")));
  const next = gate.run({ vcpus: 2 }, () => Promise.resolve("booted"));
  await t.rejects(failing, { message: "panic" });
  t.equal(await next, "booted");
});
