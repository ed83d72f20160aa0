import type { BootedHost } from "./booted-host.ts";
import { newSshKey } from "./ssh-key.ts";

/** Their own network on the second cards; nothing else is in it. */
const ADDRESSES = ["192.168.77.1", "192.168.77.2"] as const;

/**
 * Everything of a pair's host that is the same in all of them. The wire ends in a bridge, so that
 * guests can be put on it. Packets are large since each costs the same on an emulated machine; and
 * fewer of them fit into a socket's own buffer (208 KiB) than into the other's queue (10): QEMU 7.2
 * spins on a full queue. Of sshd only systemd listens: mostly nobody connects.
 */
const GET_READY = `[ -e /sys/class/net/xenbr1 ] || {
ip -batch - << END
link add xenbr1 type bridge
link set xenbr1 mtu 32000
link set eth1 mtu 32000
link set eth1 master xenbr1 up
link set xenbr1 up
END
systemctl start ssh.socket
}
`;

/**
 * Run in each host of a pair. Names resolve to the wire: libvirt tells the other side to connect
 * to what its own name resolves to. One process for all links: each takes a third of a second
 * the first time.
 */
const JOIN = `set -eu
umask 077
${GET_READY}ip -batch - << END
link set eth1 address $MAC
link set xenbr1 address $MAC
address add $OWN/24 dev xenbr1
END
printf '127.0.0.1 localhost\\n%s xen-a\\n%s xen-b\\n' "$A" "$B" > /etc/hosts
[ -d /root/.ssh ] || mkdir /root/.ssh
printf '%s' "$KEY" > /root/.ssh/id_ed25519
printf '%s' "$PUBLIC" > /root/.ssh/authorized_keys
printf 'Host xen-a xen-b\\n StrictHostKeyChecking no\\n UserKnownHostsFile /dev/null\\n LogLevel ERROR\\n' \\
  > /root/.ssh/config
`;

/** Does to a host, before it is copied, what each copy that becomes one of a pair would do. */
export async function readyForPair(host: BootedHost): Promise<void> {
  await host.run(["sh", "-euc", GET_READY]);
}

/** Makes two booted hosts that share a wire a pair that can migrate guests to each other. */
export async function joinPair(a: BootedHost, b: BootedHost): Promise<void> {
  // One key for both hosts: root of one is root of the other, and nobody else.
  const key = newSshKey("pair");
  const [addressA, addressB] = ADDRESSES;
  await Promise.all(
    [a, b].map((host, index) =>
      host.run(["sh", "-c", JOIN], {
        env: {
          MAC: `52:54:01:77:00:0${index + 1}`,
          OWN: index === 0 ? addressA : addressB,
          A: addressA,
          B: addressB,
          KEY: key.privateKey,
          PUBLIC: key.publicKey,
        },
      }),
    ),
  );
  await Promise.all([greet(a, b), greet(b, a)]);
}

/** The other host's libvirt answers, by its name: wire, names and listener are all there. */
async function greet(own: BootedHost, other: BootedHost): Promise<void> {
  const { hostname } = other.handle;
  const ask = ["virsh", "--connect", `xen+tcp://${hostname}/system`, "hostname"];
  if ((await own.run(ask)).stdout.trim() === hostname) return;
  // libvirt 7.0 goes on with the name that its host had when it started: the template's. It has
  // to listen for migrations on what that name resolves to.
  await other.run(["systemctl", "restart", "libvirtd.service"]);
  await own.run(ask);
}
