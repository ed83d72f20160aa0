import { basename } from "node:path";

const VERSIONED = /^(.*\.so\.\d+)\.\d[\d.]*$/;

/** The link by which programs find a library, where a path is that of a versioned one. */
export function sonameLink(path: string): { link: string; target: string } | undefined {
  const [, link] = VERSIONED.exec(path) ?? [];
  return link === undefined ? undefined : { link, target: basename(path) };
}
