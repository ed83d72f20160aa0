import { createReadStream } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { pipeline } from "node:stream/promises";
import pLimit from "p-limit";
import { sha256 } from "../base/hash.ts";
import { runTool } from "../base/process.ts";
import type { LockedPackage } from "./lock-file.ts";
import type { PackageCache } from "./package-cache.ts";

/**
 * A flat repository of exactly the locked packages on a free loopback port.
 * mmdebstrap in its user namespace cannot read a cache under a private home
 * directory; it can read this.
 */
export class PackageServer implements AsyncDisposable {
  readonly #server: Server;

  private constructor(
    /** The `deb` line that reads it. */
    readonly source: string,
    server: Server,
  ) {
    this.#server = server;
  }

  static async start(
    cache: PackageCache,
    packages: readonly LockedPackage[],
    release: string,
    signal?: AbortSignal,
  ): Promise<PackageServer> {
    const limit = pLimit(4);
    const stanzas = await Promise.all(packages.map((p) => limit(() => stanza(cache, p, signal))));
    const index = stanzas.join("\n");
    const indexes = new Map([
      ["/Packages", index],
      ["/Release", releaseFile(release, index)],
    ]);
    const byPath = new Map(packages.map((p) => [`/${p.sha256}.deb`, cache.path(p)]));
    const server = createServer((request, response) => {
      const path = (request.url ?? "").replace("/./", "/");
      const file = byPath.get(path);
      const text = indexes.get(path);
      if (text !== undefined) response.end(text);
      else if (file) pipeline(createReadStream(file), response).catch(() => response.destroy());
      else response.writeHead(404).end();
    });
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject).listen(0, "127.0.0.1", resolve);
    });
    const { port } = server.address() as AddressInfo;
    return new PackageServer(`deb [trusted=yes] http://127.0.0.1:${port} ./`, server);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** mmdebstrap finds the essential packages by the name of the release they come from. */
function releaseFile(release: string, index: string): string {
  const size = Buffer.byteLength(index);
  const date = new Date(0).toUTCString().replace("GMT", "UTC");
  return `Codename: ${release}\nDate: ${date}\nSHA256:\n ${sha256(index)} ${size} Packages\n`;
}

async function stanza(
  cache: PackageCache,
  locked: LockedPackage,
  signal?: AbortSignal,
): Promise<string> {
  const control = await runTool(["dpkg-deb", "--field", cache.path(locked)], {
    timeoutMs: 30_000,
    ...(signal && { signal }),
  });
  return `${control.stdout.trimEnd()}\nFilename: ./${locked.sha256}.deb\nSize: ${locked.bytes}\nSHA256: ${locked.sha256}\n`;
}
