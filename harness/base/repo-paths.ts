import { fileURLToPath } from "node:url";

/** Root of the checkout, found from this file: the caller's directory does not matter. */
export const REPO_ROOT = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");
