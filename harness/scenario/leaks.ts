import { setTimeout as delay } from "node:timers/promises";
import { XenloopError } from "../base/error.ts";
import type { BootedHost } from "../host/booted-host.ts";

/** libxl and udev tidy up a moment after `virsh destroy` has returned. */
const SETTLE_MS = 10_000;
const BETWEEN_TRIES_MS = 250;

/**
 * One line a thing that a guest may leave behind, with as few processes as can be: each costs
 * tens of milliseconds under emulation. Grants are not counted (that takes `xl debug-keys g`,
 * which prints every one at the serial console); but a domain whose pages dom0 still maps
 * stays in `xl list` as a zombie. libxl makes dom0's own node in /vm when it first needs it.
 */
const INVENTORY = String.raw`
xl list | sed 's/^\([^ ]*\) *\([0-9]*\) .*/domain \1 \2/'
xenstore-ls -f / | sed -n \
  -e '\:^/vm/00000000-0000-0000-0000-000000000000 :d' \
  -e 's:^\(/local/domain/0/backend/[^/]*/[^/]*/[^/ ]*\) = .*:xenstore node \1:p' \
  -e 's:^\(/\(local/domain\|vm\|libxl\)/[^/ ]*\) = .*:xenstore node \1:p'
for file in /sys/block/loop*/loop/backing_file; do
  read -r backing 2>/dev/null < "$file" && echo "loop device $file: $backing"
done
for process in /proc/[0-9]*; do
  read -r name 2>/dev/null < "$process/comm" || continue
  case $name in
    qemu*) echo "process $process $name" ;;
    libvirtd) ls -l "$process/fd" | sed -n -e '\: -> /proc/:d' -e 's:inhibit/[0-9]*:inhibit/N:' -e 's:.* -> /:descriptor of libvirtd /:p' ;;
  esac
done
true
`;

/** What a scenario left on its host after all its guests were destroyed. */
export class LeakedResources extends XenloopError {
  constructor(host: string, leaked: readonly string[]) {
    super(`after the scenario ${host} still has: ${leaked.join("; ")}`, {
      code: "LEAKED",
      kind: "assertion",
      hint: "read the host's journal and libxl-driver.log in the cell's evidence",
    });
  }
}

/** What is in `after` more often than in `before`. */
export function leakedBetween(before: readonly string[], after: readonly string[]): string[] {
  const left = [...before];
  return after.filter((line) => {
    const at = left.indexOf(line);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

/** Compares domains, loop devices, xenstore, device models and libvirtd's files. */
export class LeakCheck {
  private constructor(
    readonly host: BootedHost,
    readonly before: readonly string[],
  ) {}

  static async begin(host: BootedHost): Promise<LeakCheck> {
    return new LeakCheck(host, await inventory(host));
  }

  /** @throws {LeakedResources} when something is still there after a settling time. */
  async end(): Promise<void> {
    const until = performance.now() + SETTLE_MS * this.host.handle.timeFactor;
    for (;;) {
      const leaked = leakedBetween(this.before, await inventory(this.host));
      if (leaked.length === 0) return;
      if (performance.now() > until) throw new LeakedResources(this.host.handle.hostname, leaked);
      await delay(BETWEEN_TRIES_MS);
    }
  }
}

async function inventory(host: BootedHost): Promise<string[]> {
  const { stdout } = await host.run(["sh", "-c", INVENTORY], { timeoutMs: 60_000 });
  return stdout.split("\n").filter((line) => line !== "");
}
