import { createWriteStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { messageOf } from "../base/error.ts";
import { sha256 } from "../base/hash.ts";
import { ReplayUnreachable } from "./errors.ts";

const LIMIT_BYTES = 2 * 2 ** 30;
const TIMEOUT_MS = 10 * 60_000;
const ARTIFACT_PAGE = /^\/([^/]+\/[^/]+)\/actions\/runs\/\d+\/artifacts\/(\d+)$/;

export interface FetchRunOptions {
  /** Directory for the download. */
  scratch: string;
  env: Readonly<Record<string, string | undefined>>;
  signal?: AbortSignal;
}

export function isAddress(where: string): boolean {
  return /^https?:\/\//.test(where);
}

/**
 * Downloads the zip of a run. The page of a GitHub artifact is taken for its archive; the token of
 * the environment is sent to GitHub's API only, and to nobody it redirects to.
 * @returns path of the archive, which the caller removes
 * @throws ReplayUnreachable
 */
export async function fetchRun(where: string, options: FetchRunOptions): Promise<string> {
  const { scratch, env, signal } = options;
  const address = archiveAddress(where, env);
  const path = join(scratch, `${sha256(address).slice(0, 16)}-${process.pid}.zip`);
  await mkdir(scratch, { recursive: true });
  const deadline = AbortSignal.timeout(TIMEOUT_MS);
  try {
    const response = await fetch(address, {
      headers: headersFor(address, env),
      signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
    });
    if (!response.ok || !response.body) {
      throw new ReplayUnreachable(where, `the server answers ${response.status}`);
    }
    let bytes = 0;
    const limit = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        bytes += chunk.length;
        done(bytes > LIMIT_BYTES ? new Error("it is larger than 2 GiB") : null, chunk);
      },
    });
    await pipeline(Readable.fromWeb(response.body as never), limit, createWriteStream(path));
    return path;
  } catch (error) {
    await rm(path, { force: true });
    signal?.throwIfAborted();
    if (error instanceof ReplayUnreachable) throw error;
    throw new ReplayUnreachable(where, messageOf(error), error);
  }
}

function apiOf(env: FetchRunOptions["env"]): string {
  return (env["GITHUB_API_URL"] ?? "https://api.github.com").replace(/\/$/, "");
}

function archiveAddress(where: string, env: FetchRunOptions["env"]): string {
  const url = new URL(where);
  const server = env["GITHUB_SERVER_URL"] ?? "https://github.com";
  const [, repository, artifact] = ARTIFACT_PAGE.exec(url.pathname) ?? [];
  if (url.origin !== new URL(server).origin || repository === undefined) return where;
  return `${apiOf(env)}/repos/${repository}/actions/artifacts/${artifact}/zip`;
}

function headersFor(address: string, env: FetchRunOptions["env"]): Record<string, string> {
  const token = env["GITHUB_TOKEN"] ?? env["GH_TOKEN"];
  const isApi = address.startsWith(`${apiOf(env)}/`);
  return isApi && token ? { authorization: `Bearer ${token}` } : {};
}
