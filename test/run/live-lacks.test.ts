import t from "tap";
import { liveLacks } from "../../harness/run/live-lacks.ts";
import { ownKit } from "../../harness/host/guest-kit.ts";
import type { ScenarioNeeds } from "../../harness/spec/scenario-meta.ts";

const handle = {
  ...{ name: "lab", hostname: "lab", timeFactor: 1, kernelVersion: "6.1.0" },
  reach: { kind: "channel" as const, socket: "/s" },
  kit: ownKit("6.1.0"),
};
const live = { xen: "4.17.5-pre", libvirt: "9.0.0" };
const host = { handles: [handle], virtCaps: ["pv hvm"], versions: [live], axes: {} };

t.test("what a live host lacks", async (t) => {
  t.same(liveLacks({ xen: ">=4.17", guestTypes: ["hvm"] }, host), []);
  t.same(liveLacks({ xen: ">=4.18", libvirt: ">=10" }, host), [
    "needs Xen >=4.18, lab has 4.17.5; needs libvirt >=10, lab has 9.0.0",
  ]);
  t.match(liveLacks({ guestTypes: ["pvh"] }, { ...host, virtCaps: ["pv"] }), [/PVH/]);
});

t.test("a host without HVM runs the PV cells of a scenario that has both", async (t) => {
  const needs: ScenarioNeeds = {
    guestTypes: ["pv", "hvm"],
    guestTypeOf: { mode: { pv: "pv", hvm: "hvm" } },
  };
  const lacks = (mode: string) => liveLacks(needs, { ...host, virtCaps: ["pv"], axes: { mode } });
  t.same(lacks("pv"), []);
  t.match(lacks("hvm"), [/cannot run HVM guests/]);
  t.match(lacks("both"), [/cannot run HVM guests/]);
});

t.test("a host whose versions the plan knew is not judged again", async (t) => {
  t.same(liveLacks({ xen: ">=4.18" }, { ...host, versions: [undefined] }), []);
  const sent = JSON.parse(JSON.stringify({ ...host, versions: [undefined] })) as typeof host;
  t.same(liveLacks({ xen: ">=4.18" }, sent), [], "and as the scenario's process is told it");
});
