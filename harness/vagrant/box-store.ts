import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { sha256Json } from "../base/hash.ts";
import { REPO_ROOT } from "../base/repo-paths.ts";
import type { Store } from "../image/store.ts";
import { treeDigest } from "../image/tree-digest.ts";
import { buildBox, type BoxRequest } from "./build-box.ts";

const FILE = "host.box";
/** Changes when boxes are made in another way. */
const BOX_FORMAT = 2;

export interface StoredBoxRequest extends Omit<BoxRequest, "output" | "keyFile"> {
  keyFile: string;
  store: Store;
}

/** The box of a host that lets a key of ours in: from the store, or built. */
export async function ensureBox(request: StoredBoxRequest): Promise<string> {
  const { image, emulated, untuned = false, keyFile, store, signal } = request;
  const inputs = {
    format: BOX_FORMAT,
    image: image.key,
    emulated,
    untuned,
    files: await treeDigest([join(REPO_ROOT, "images/box")]),
    key: await readFile(keyFile, "utf8"),
  };
  const entry = await store.ensure({
    kind: "box",
    key: sha256Json(inputs),
    inputs,
    host: image.spec.name,
    ...(signal && { signal }),
    build: (directory) => buildBox({ ...request, output: join(directory, FILE) }),
  });
  return entry.path(FILE);
}
