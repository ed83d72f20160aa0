import t from "tap";
import type { PlannedCell } from "../../harness/events/schema.ts";
import { withoutRefused } from "../../harness/run/lasting-refusal.ts";
import type { HostSpec } from "../../harness/spec/host-spec.ts";
import { planned } from "../events/fixtures/streams.ts";
import { host } from "../plan/make.ts";

const cell = planned("pv-boot", "lab");
const own = host("debian-12");
const lab: HostSpec = { ...host("lab"), place: { backend: "vagrant", box: "a/b" } };
const qemu = { backend: "qemu" as const };
const why = (changed: Partial<PlannedCell>, hosts = [lab], options: object = {}) =>
  withoutRefused({ ...cell, ...changed }, hosts, { ...qemu, ...options }).excluded;

t.test("what is not done to a host that lasts", async (t) => {
  t.equal(why({}), undefined);
  t.match(why({ hosts: 2 }), /pairs of hosts/);
  t.match(why({ hosts: 2 }, [own, lab]), /pairs of hosts/, "of which one is enough");
  t.match(why({ tags: ["known-issue"] }), /may leave dom0 .* broken/);
  t.match(why({}, [lab], { dress: {} }), /hosts that are thrown away/);
  t.equal(why({ excluded: "too old", hosts: 2 }), "too old", "what the plan says comes first");
});

t.test("a machine of Vagrant's from our box comes back from a snapshot", async (t) => {
  const vagrant = { backend: "vagrant" as const };
  t.equal(why({ tags: ["known-issue"] }, [own], vagrant), undefined);
  t.match(why({ tags: ["known-issue"] }, [lab], vagrant), /this host lasts/, "not somebody's own");
  t.match(why({ dom0: { mem: "1G" } }, [own], vagrant), /booted already/);
});

t.test("machines of QEMU's do it all", async (t) => {
  t.equal(why({ hosts: 2, tags: ["known-issue"] }, [own, own], { dress: {} }), undefined);
  t.match(why({ hosts: 2 }, [own, own], { backend: "vagrant" }), /pairs/, "but not of Vagrant's");
});
