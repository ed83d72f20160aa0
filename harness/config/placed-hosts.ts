import { dirname } from "node:path";
import { DOM0_DEFAULTS } from "../spec/dom0-defaults.ts";
import type { HostPlace, HostSpec } from "../spec/host-spec.ts";
import { ConfigInvalid, type ConfigProblem } from "./errors.ts";
import type { LoadedConfig } from "./load.ts";
import type { HostOverrides } from "./schema.ts";
import { expandPath } from "./settings.ts";

const SSH_PORT = 22;

/** Keys that say where a host is; the others change how one of images/hosts/ is built. */
const PLACE_KEYS = ["address", "port", "user", "key", "knownHosts", "box", "vagrantfile"];

/** Which of them each backend takes, and which it cannot do without. */
const KEYS_OF: Record<
  HostPlace["backend"],
  { takes: readonly string[]; needs: readonly string[] }
> = {
  ssh: { takes: ["address", "port", "user", "key", "knownHosts"], needs: ["address", "key"] },
  vagrant: { takes: ["box", "vagrantfile"], needs: [] },
};

/**
 * Hosts of the configuration that are built elsewhere: each says `backend`.
 * @param own names of the hosts of images/hosts/
 * @throws ConfigInvalid
 */
export function placedHosts(config: LoadedConfig, own: readonly string[]): HostSpec[] {
  const problems: ConfigProblem[] = [];
  const base = config.path === undefined ? "." : dirname(config.path);
  const specs = Object.entries(config.values.hosts ?? {}).flatMap(([name, values]) => {
    const found = mistakes(name, values, own);
    const where = (key: string) => config.where(["hosts", name, key]);
    problems.push(...found.map(({ key, what }) => ({ where: where(key), what })));
    const place = found.length === 0 ? placeOf(values, base) : undefined;
    return place ? [specOf(name, values, place)] : [];
  });
  if (problems.length > 0) throw new ConfigInvalid(problems);
  return specs;
}

interface Mistake {
  key: string;
  what: string;
}

function mistakes(name: string, values: HostOverrides, own: readonly string[]): Mistake[] {
  const { backend } = values;
  const given = Object.keys(values).filter((key) => key !== "backend");
  const placed = given.filter((key) => PLACE_KEYS.includes(key));
  const say = (key: string, what: string) => ({ key, what: `hosts.${name}.${key}: ${what}` });
  if (backend === undefined) {
    return placed.map((key) => say(key, "goes with backend: ssh or backend: vagrant"));
  }
  if (own.includes(name)) {
    return [say("backend", `${name} is a host of images/hosts/; give this one a name of its own`)];
  }
  const { takes, needs } = KEYS_OF[backend];
  const wrong = given.filter((key) => key !== "expect" && !takes.includes(key));
  const missing = needs.filter((key) => !given.includes(key));
  const lacksBox = backend === "vagrant" && placed.length === 0;
  return [
    ...wrong.map((key) => say(key, `does not go with backend: ${backend}`)),
    ...missing.map((key) => say("backend", `${backend} needs ${key}, too`)),
    ...(lacksBox ? [say("backend", "vagrant needs box or vagrantfile, too")] : []),
  ];
}

function placeOf(values: HostOverrides, base: string): HostPlace | undefined {
  const { backend, address = "", port = SSH_PORT, user = "root", key = "", knownHosts } = values;
  const path = (value: string) => expandPath(value, base, process.env);
  if (backend === "ssh") {
    const known = knownHosts === undefined ? {} : { knownHosts: path(knownHosts) };
    return { backend, address, port, user, key: path(key), ...known };
  }
  if (backend !== "vagrant") return undefined;
  const { box, vagrantfile } = values;
  return {
    backend,
    ...(box !== undefined && { box }),
    ...(vagrantfile !== undefined && { vagrantfile: path(vagrantfile) }),
  };
}

function specOf(name: string, { expect }: HostOverrides, place: HostPlace): HostSpec {
  const title =
    place.backend === "ssh"
      ? `${place.user}@${place.address}, by ssh`
      : `${place.vagrantfile ?? place.box ?? ""}, by Vagrant`;
  return {
    ...DOM0_DEFAULTS,
    ...{ name, title, place, release: "", components: [], packages: [] },
    expect: {
      xen: expect?.xen ?? "",
      libvirt: expect?.libvirt ?? "",
      kernel: expect?.kernel ?? "",
    },
  };
}
