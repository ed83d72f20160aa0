import { readdirSync, readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import t, { type Test } from "tap";
import { fetchRun } from "../../harness/replay/fetch-run.ts";

async function serve(
  t: Test,
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.teardown(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

t.test("a plain address; nobody but GitHub's API gets the token", async (t) => {
  const seen: (string | undefined)[] = [];
  const address = await serve(t, (request, response) => {
    seen.push(request.headers.authorization);
    response.end("zip");
  });
  const scratch = t.testdir();
  const path = await fetchRun(`${address}/a.zip`, { scratch, env: { GITHUB_TOKEN: "secret" } });
  t.equal(readFileSync(path, "utf8"), "zip");
  t.strictSame(seen, [undefined]);
});

t.test("the page of an artifact is its archive; a redirect gets no token", async (t) => {
  const seen: string[] = [];
  const storage = await serve(t, (request, response) => {
    seen.push(`storage ${request.headers.authorization ?? "-"}`);
    response.end("zip");
  });
  const api = await serve(t, (request, response) => {
    seen.push(`${request.url} ${request.headers.authorization}`);
    response.writeHead(302, { location: `${storage}/blob` }).end();
  });
  const env = {
    GITHUB_API_URL: `${api}/api/v3`,
    GITHUB_SERVER_URL: "https://git.example.org",
    GITHUB_TOKEN: "secret",
  };
  const page = "https://git.example.org/xen/libvirt/actions/runs/5/artifacts/77";
  await fetchRun(page, { scratch: t.testdir(), env });
  t.strictSame(seen, [
    "/api/v3/repos/xen/libvirt/actions/artifacts/77/zip Bearer secret",
    "storage -",
  ]);
});

t.test("what cannot be fetched is named, and leaves nothing", async (t) => {
  const scratch = t.testdir();
  const address = await serve(t, (request, response) => {
    if (request.url === "/cut") {
      response.writeHead(200, { "content-length": "1000" });
      response.write("x");
      setImmediate(() => response.destroy());
    } else response.writeHead(410).end();
  });
  for (const [path, message] of [
    ["/gone", /answers 410/],
    ["/cut", /cannot be fetched/],
  ] as const) {
    await t.rejects(fetchRun(`${address}${path}`, { scratch, env: {} }), {
      code: "REPLAY_UNREACHABLE",
      message,
    });
  }
  t.strictSame(readdirSync(scratch), []);
});
