import { createHash } from "node:crypto";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
} from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { loadState, saveState } from "../../harness/machine/migrate.ts";
import { startMachine } from "../../harness/machine/machine.ts";
import type { MachineSpec } from "../../harness/machine/machine-spec.ts";
import { tempDir, tinySpec, writeTicker } from "../fixtures/machine/tiny.ts";

/** A machine that counts, and the numbers it has printed. */
async function startCounter(t: Test, dir: string, overrides: Partial<MachineSpec>) {
  const printed: string[] = [];
  let onCount: () => void = () => undefined;
  const disk = join(dir, "disk");
  if (!existsSync(disk)) await writeTicker(disk);
  const disks = [{ id: "root", path: disk, format: "raw", readonly: true }] as const;
  const machine = await startMachine(tinySpec({ disks, ...overrides }), {
    dir: mkdtempSync(join(dir, "machine-")),
    onSerialLine(line) {
      printed.push(line);
      onCount();
    },
  });
  t.teardown(() => machine.stop());
  return {
    ...machine,
    printed,
    /** Resolves when so many lines have been printed. */
    lines: (count: number) =>
      new Promise<void>((resolve) => {
        onCount = () => {
          if (printed.length >= count) resolve();
        };
        onCount();
      }),
  };
}

function sha256(path: string): string {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}

t.test("clones go on where their template was saved, and leave its memory alone", async (t) => {
  const dir = tempDir(t);
  const ram = join(dir, "ram");
  const state = join(dir, "state");
  const template = await startCounter(t, dir, { ram: { kind: "file", path: ram, share: true } });
  await template.lines(5);
  await saveState(template.qmp, state);
  await template.stop();
  t.equal(template.printed[0], "!");
  const last = Number.parseInt(template.serial.lastLines(1)[0] ?? "", 16);
  const before = sha256(ram);
  t.ok(statSync(state).size < 1024 * 1024, "the state is without the memory");

  const clones = await Promise.all(
    [1, 2].map(() =>
      startCounter(t, dir, { ram: { kind: "file", path: ram, share: false }, incoming: true }),
    ),
  );
  for (const clone of clones) {
    await loadState(clone.qmp, state);
    t.match(await clone.qmp.execute("query-status"), { status: "running" });
    await clone.lines(4);
    // The first line may be the rest of one that the template had begun.
    const counts = clone.printed.slice(1, 4).map((line) => Number.parseInt(line, 16));
    t.ok((counts[0] ?? 0) > last && (counts[0] ?? 0) <= last + 3, `${counts[0]} follows ${last}`);
    t.same(
      counts.map((count) => count - (counts[0] ?? 0)),
      [0, 1, 2],
    );
    await clone.stop();
  }
  t.equal(sha256(ram), before);
});

t.test("a state that cannot be written leaves no file", async (t) => {
  const dir = tempDir(t);
  const machine = await startCounter(t, dir, { paused: true });
  const file = join(dir, "none", "state");
  await t.rejects(saveState(machine.qmp, file), {
    code: "STATE_SAVE_FAILED",
    message: /cannot be saved to .*none\/state: ENOENT/,
  });
  t.notOk(existsSync(file));
  t.match(await machine.qmp.execute("query-name"), {}, "the machine still answers");
});

t.test("a full file system is told", async (t) => {
  const dir = tempDir(t);
  const file = join(dir, "state");
  symlinkSync("/dev/full", file);
  const machine = await startCounter(t, dir, { paused: true });
  await t.rejects(saveState(machine.qmp, file), { code: "STATE_SAVE_FAILED", message: /ENOSPC/ });
  t.same(
    readdirSync(dir).filter((name) => name === "state"),
    [],
  );
});

t.test("QEMU may hang up before the end of the file", async (t) => {
  const dir = tempDir(t);
  const ram = join(dir, "ram");
  const state = join(dir, "state");
  const template = await startCounter(t, dir, { ram: { kind: "file", path: ram, share: true } });
  await template.lines(2);
  await saveState(template.qmp, state);
  await template.stop();
  truncateSync(state, 32 * 1024 * 1024);
  const clone = await startCounter(t, dir, {
    ram: { kind: "file", path: ram, share: false },
    incoming: true,
  });
  await loadState(clone.qmp, state);
  await clone.lines(2);
  t.not(clone.printed[0], "!", "it does not start anew");
});

t.test("a damaged state is refused", async (t) => {
  const dir = tempDir(t);
  const ram = join(dir, "ram");
  const state = join(dir, "state");
  const template = await startCounter(t, dir, {
    ram: { kind: "file", path: ram, share: true },
    paused: true,
  });
  await saveState(template.qmp, state);
  await template.stop();
  truncateSync(state, statSync(state).size / 2);
  const clone = await startCounter(t, dir, {
    ram: { kind: "file", path: ram, share: false },
    incoming: true,
  });
  await t.rejects(loadState(clone.qmp, state), { code: "STATE_LOAD_FAILED" });
  t.match(await clone.fatal, { kind: "death" });
});

t.test("a file that is not there", async (t) => {
  const dir = tempDir(t);
  const clone = await startCounter(t, dir, { incoming: true });
  await t.rejects(loadState(clone.qmp, join(dir, "none")), {
    code: "STATE_LOAD_FAILED",
    message: /ENOENT/,
  });
});
