import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Test } from "tap";
import { ROOT } from "../cli/run-xenloop.ts";

/** A copy of what runs, to change; its path is given, and it goes with the test. */
export function copyCheckout(t: Test): string {
  const checkout = mkdtempSync(join(tmpdir(), "xenloop-checkout-"));
  t.teardown(() => rmSync(checkout, { recursive: true, force: true }));
  for (const each of ["harness", "reports", "scenarios", "images", "xenloop"]) {
    cpSync(join(ROOT, each), join(checkout, each), { recursive: true });
  }
  for (const each of ["package.json", "package-lock.json", "tsconfig.json"]) {
    cpSync(join(ROOT, each), join(checkout, each));
  }
  symlinkSync(join(ROOT, "node_modules"), join(checkout, "node_modules"));
  return checkout;
}
