// Makes the pictures of docs/reports.md: the page of a recorded run in headless Chromium.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { $ } from "zx";
import { reduce } from "../harness/events/reduce.ts";
import { htmlPage } from "../reports/html/page.ts";
import { trendsPart } from "../reports/html/trends.ts";
import { SHOWCASE } from "../test/reports/fixtures/showcase.ts";

/** What of the page fits a reader's patience; the page itself is longer. */
const SIZES = [
  [400, 1500],
  [1400, 1300],
] as const;
/** Nothing is looked up or fetched: the page must do without. */
const OPTIONS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-dev-shm-usage",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--host-resolver-rules=MAP * ~NOTFOUND",
  "--hide-scrollbars",
];
const IMAGES = join(import.meta.dirname, "../docs/images");

const work = await mkdtemp(join(tmpdir(), "xenloop-screenshot-"));
try {
  const page = join(work, "report.html");
  const result = reduce(SHOWCASE);
  const curves = trendsPart(result.history?.trends ?? []);
  await writeFile(page, htmlPage(result, { page: work, run: work }, curves));
  for (const [width, height] of SIZES) {
    const picture = join(IMAGES, `report-${width}.png`);
    const options = [...OPTIONS, `--window-size=${width},${height}`, `--screenshot=${picture}`];
    const profile = `--user-data-dir=${join(work, "profile")}`;
    await $({ quiet: true, timeout: "60s" })`chromium ${options} ${profile} ${`file://${page}`}`;
  }
} finally {
  await rm(work, { recursive: true, force: true });
}
