import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import t from "tap";
import type { CellResult, RunResult } from "../../harness/events/result.ts";
import {
  compatibilityDocument,
  formatsCells,
  type FormatsCell,
} from "../../reports/compatibility.ts";
import { predictedDisks } from "../../scenarios/disk-formats.ts";

const DOCS = join(import.meta.dirname, "../../docs");

const cell = (format: string, facts: Record<string, string>, status = "passed"): CellResult =>
  ({
    id: `disk-formats[debian-12,format=${format},mode=pv]`,
    scenario: "disk-formats",
    host: "debian-12",
    axes: { format, mode: "pv" },
    status,
    reason: status === "passed" ? "" : "driver none as predicted: found another",
    facts: { xen_version: "4.17.7", libvirt_version: "9.0.0", dom0_kernel: "6.1", ...facts },
  }) as unknown as CellResult;

t.test("the table says what was observed, and marks what is not as predicted", (t) => {
  const result = {
    cells: [
      cell("raw", { predicted_phy: "vbd", observed_phy: "vbd" }),
      cell(
        "qcow2",
        { predicted_phy: "refused", observed_phy: "vbd", predicted_tap: "qdisk qcow2" },
        "failed",
      ),
      { ...cell("raw", {}), scenario: "pv-boot", id: "pv-boot[debian-12]" },
    ],
  } as unknown as RunResult;
  const cells = formatsCells([result]);
  t.equal(cells.length, 2, "other scenarios are no part of it");
  t.notOk("dom0_kernel" in (cells[0]?.facts ?? {}), "nor are other facts");
  const text = compatibilityDocument(cells);
  t.match(text, "## debian-12: Xen 4.17.7, libvirt 9.0.0");
  t.match(text, "| format | mode | phy | tap |");
  t.match(text, "| raw | pv | vbd |  |");
  t.match(text, "| qcow2 | pv | **vbd** | **not seen** |");
  t.match(text, "mode=pv]` failed: driver none as predicted: found another");
  t.end();
});

t.test("docs/compatibility.md is what its cells come to", async (t) => {
  const cells = await recorded();
  const filepath = join(DOCS, "compatibility.md");
  const wanted = await format(compatibilityDocument(cells), {
    ...(await resolveConfig(filepath)),
    filepath,
  });
  t.equal(await readFile(filepath, "utf8"), wanted, "run scripts/generate-compatibility.ts");
});

t.test("its cells are of the scenario as it is now", async (t) => {
  const cells = await recorded();
  t.ok(cells.length > 0);
  for (const { id, axes, facts } of cells) {
    const { format: diskFormat = "" } = axes;
    const predicted = Object.entries(facts).filter(([key]) => key.startsWith("predicted_"));
    const wanted = predictedDisks(diskFormat, facts["xen_version"] ?? "");
    t.same(
      Object.fromEntries(predicted.map(([key, value]) => [key.replace("predicted_", ""), value])),
      wanted,
      `${id}: run the scenario again, then scripts/generate-compatibility.ts`,
    );
  }
});

async function recorded(): Promise<FormatsCell[]> {
  return JSON.parse(await readFile(join(DOCS, "compatibility.json"), "utf8")) as FormatsCell[];
}
