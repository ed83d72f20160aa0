import type { Statement } from "../statement.ts";
import { DRIVER_CALLS } from "./calls.ts";
import { DISKS } from "./disks.ts";
import { GUESTS } from "./guests.ts";
import { HOST } from "./host.ts";
import { MIGRATION } from "./migration.ts";
import { MINIMUM } from "./minimum.ts";
import { MONITORING } from "./monitoring.ts";
import { PAIRING } from "./pairing.ts";

/** Every statement, in the order an answer lists them. */
export const STATEMENTS: Statement[] = [
  ...MINIMUM,
  ...PAIRING,
  ...MIGRATION,
  ...MONITORING,
  ...GUESTS,
  ...DISKS,
  ...HOST,
  ...DRIVER_CALLS,
];
