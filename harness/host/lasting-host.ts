import type { Transport } from "../channel/transport.ts";
import { messageOf, XenloopError } from "../base/error.ts";
import { GUEST_INITRD, GUEST_KERNEL } from "../image/guest-paths.ts";
import { BootedHost, XEN_URI, type HostHandle, type LastingHost } from "./booted-host.ts";
import { HostNotXen, HostUnfit } from "./errors.ts";
import { readHostFacts, type HostFacts } from "./host-facts.ts";

/** Description of every guest started on such a host, by which it is known to be ours. */
export const OWN_GUEST = "a guest of xenloop's scenarios, safe to destroy";
/** Whatever is put there is ours to remove. */
export const OWN_FOLDER = "/var/lib/xenloop";
const TIDY_TIMEOUT_MS = 60_000;

/** What a host that was not started here says of itself. */
export interface FoundHost {
  hostname: string;
  cpuModel: string;
  facts: HostFacts;
  /** It is made from one of our images, and has what guests are started with. */
  hasKit: boolean;
  /** Guests that run there. */
  guests: string[];
}

const ASK = String.raw`
echo "hostname $(uname -n)"
echo "cpu $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)"
[ -e "$1" ] && [ -e "$2" ] && [ -e "/boot/vmlinuz-$(uname -r)" ] && echo "kit there"
for process in /proc/[0-9]*; do
  read -r name 2>/dev/null < "$process/comm" || continue
  [ "$name" = xenconsoled ] && echo "consoles $(tr '\0' ' ' < "$process/cmdline")"
done
true
`;

/** Asks a host what it is. @throws {HostNotXen | HostUnfit} */
export async function askHost(host: BootedHost): Promise<FoundHost> {
  const { stdout } = await host.run(["sh", "-c", ASK, "sh", GUEST_INITRD, GUEST_KERNEL]);
  const said = (word: string) => new RegExp(`^${word} (.*)$`, "m").exec(stdout)?.[1]?.trim();
  const facts = await readHostFacts(host).catch((error: unknown) => {
    if (error instanceof XenloopError) throw new HostNotXen(host.name, messageOf(error), error);
    throw error;
  });
  for (const [what, version] of [
    ["Xen", facts.xen_version],
    ["libvirt's daemon", facts.libvirt_version],
  ] as const) {
    if (version === "") throw new HostNotXen(host.name, `${what} does not tell its version`);
  }
  if (!/--log[= ](guest|all)/.test(said("consoles") ?? "")) {
    throw new HostUnfit(
      host.name,
      "xenconsoled does not log the consoles of guests, by which scenarios see them boot",
      "set XENCONSOLED_TRACE=guest in /etc/default/xencommons (Debian: XENCONSOLED_ARGS=--log=guest in /etc/default/xen), and restart the host's xenconsoled",
    );
  }
  return {
    hostname: said("hostname") ?? host.name,
    cpuModel: said("cpu") ?? "",
    facts,
    hasKit: said("kit") !== undefined,
    guests: (await begin(host)).guests,
  };
}

/** The moment a cell gets the host, and whose guests are there already. */
export async function begin(host: BootedHost): Promise<LastingHost> {
  const { stdout } = await host.run(["sh", "-c", "date +%s && xl list"]);
  const [since = "", , ...rows] = stdout.trim().split("\n");
  const names = rows.map((row) => row.split(/\s+/)[0] ?? "");
  return { since: Number(since), guests: names.filter((name) => name !== "Domain-0") };
}

const TIDY = `
for name in $(virsh --connect "$1" list --name); do
  [ "$(virsh --connect "$1" desc "$name")" = "$2" ] && virsh --connect "$1" destroy "$name"
done
rm -rf "$3/disks"
find /var/log/xen -maxdepth 1 -name 'refused-*.xml' -newermt "@$4" -delete
true
`;

/** Ends our guests that a cell has left, and removes its files. */
export async function tidyAfterCell(host: BootedHost): Promise<void> {
  const { lasting } = host.handle;
  if (!lasting) return;
  const words = [XEN_URI, OWN_GUEST, OWN_FOLDER, String(lasting.since)];
  await host.run(["sh", "-c", TIDY, "sh", ...words], { timeoutMs: TIDY_TIMEOUT_MS });
}

/** The same connection for one cell, whose end is not the connection's. */
export function borrow(handle: HostHandle, transport: Transport): BootedHost {
  return new BootedHost(handle, {
    kind: transport.kind,
    exec: (argv, options) => transport.exec(argv, options),
    upload: (source, path, mode, limits) => transport.upload(source, path, mode, limits),
    download: (path, sink, limits) => transport.download(path, sink, limits),
    close: async () => {},
  });
}
