import t from "tap";
import { predictedFor } from "../../harness/plan/predicted.ts";

const meta = {
  predicted: [
    { outcome: "PV boots" },
    { axes: { boot: "bios" }, outcome: "HVM boots" },
    { axes: { boot: "bios" }, xen: "<4.17.5", libvirt: ">=9", outcome: "refused" },
  ],
};
const versions = (xen: string, libvirt = "9.0.0") => ({ xen, libvirt });
const outcome = (axes: Record<string, string>, of = versions("4.17.7")) =>
  predictedFor(meta, axes, of)?.outcome;

t.test("of the predictions that hold for a cell the last counts", (t) => {
  t.equal(outcome({ boot: "pygrub" }), "PV boots");
  t.equal(outcome({ boot: "bios" }), "HVM boots");
  t.equal(outcome({ boot: "bios" }, versions("4.14.6")), "refused");
  t.equal(outcome({ boot: "bios" }, versions("4.14.6", "7.0.0")), "HVM boots", "not for libvirt 7");
  t.equal(outcome({ boot: "bios" }, versions("4.20.4-pre")), "HVM boots");
  t.end();
});

t.test("without predictions there is none", (t) => {
  t.equal(predictedFor({}, {}, versions("4.17.7")), undefined);
  t.end();
});
