import type { ScenarioHost } from "./scenario-host.ts";

/** Where the source is made to look for the destination, by its name. */
const DETOUR = "127.0.0.2";
/** The first of libvirt's ports for migrations. */
const PORT = "49152";
const LASTS_MS = 180_000;

/** Passes a migration on, and changes in it what `find` finds first: `at, changed` or None. */
const PROXY = String.raw`
listener = socket.create_server((here, int(port)))
print("ready", flush=True)
source = listener.accept()[0]
destination = socket.create_connection((there, int(port)))
kept, found, data = b"", None, b"-"
while data:
    data = source.recv(65536)
    kept += data
    if not found:
        found = find(kept)
        if found:
            at, changed = found
            kept = kept[:at] + changed + kept[at + len(changed):]
            print("changed", flush=True)
    # What is looked for may lie across two pieces.
    keep = 32 if data and not found else 0
    destination.sendall(kept[:len(kept) - keep])
    kept = kept[len(kept) - keep:]
`;

/** A migration's data goes through a program that changes it, on its way out of the source. */
export interface Detour {
  /** The destination's libvirt: the daemons speak to each other directly. */
  uri: string;
  /** What the program said, and its complaints, once it has ended. */
  passed: Promise<string>;
  /** The source finds the destination by its name again. */
  straight(): Promise<unknown>;
}

/** @param find Python: `def find(data)` that gives an offset and other bytes for there, or None */
export async function detour(from: ScenarioHost, to: ScenarioHost, find: string): Promise<Detour> {
  const [address = ""] = (await from.run(["getent", "hosts", to.hostname])).stdout.split(/\s/);
  const lookFor = (was: string, is: string): Promise<unknown> =>
    from.run(["sed", "-i", `s/^${was} /${is} /`, "/etc/hosts"]);
  await lookFor(address, DETOUR);
  let said = "";
  let ready = (): void => undefined;
  const listening = new Promise<void>((resolve) => (ready = resolve));
  const script = `import socket, struct, sys\nhere, there, port = sys.argv[1:]\n${find}${PROXY}`;
  const passed = from.run(["python3", "-c", script, DETOUR, address, PORT], {
    timeoutMs: LASTS_MS,
    anyStatus: true,
    onStdout: (chunk) => {
      said += chunk.toString();
      ready();
    },
  });
  await Promise.race([listening, passed]);
  return {
    uri: `xen+tcp://${address}/system`,
    passed: passed.then(({ stderr }) => said + stderr),
    straight: () => lookFor(DETOUR, address),
  };
}
