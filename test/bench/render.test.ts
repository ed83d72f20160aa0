import t from "tap";
import { Figures } from "../../harness/bench/figures.ts";
import { ratiosOf } from "../../harness/bench/ratios.ts";
import { renderBench, renderSoak } from "../../harness/bench/render.ts";
import { isRight, type SoakReport } from "../../harness/bench/soak-report.ts";

function measured(values: Partial<Record<Parameters<Figures["add"]>[0], number>>): Figures {
  const figures = new Figures();
  for (const [name, value] of Object.entries(values)) {
    figures.add(name as Parameters<Figures["add"]>[0], value);
  }
  return figures;
}

t.test("a ratio is there when both its figures are, and is held against its bar", async (t) => {
  const only = ratiosOf(measured({ clone_virsh: 1000 }).summaries(), 3072);
  t.same(only, [], "a clone alone compares with nothing");

  const all = measured({
    clone_virsh: 1000,
    untuned_virsh: 61_000,
    lean_virsh: 40_000,
    private_1: 200,
    channel_true: 25,
  });
  const ratios = new Map(ratiosOf(all.summaries(), 3072).map((ratio) => [ratio.name, ratio]));
  t.match(ratios.get("untuned_boot_per_clone"), { value: 61, kept: true });
  t.match(ratios.get("lean_per_untuned_boot"), { bar: { atMost: 0.6 }, kept: false });
  t.match(ratios.get("private_share"), { unit: "%", kept: false });
  t.match(ratios.get("channel_command"), { value: 25, kept: true }, "the bar itself is kept");
  t.equal(ratios.get("lean_boot_per_clone")?.kept, undefined, "without a bar nothing is kept");
});

t.test("the text names the accelerator, and why it is not KVM", async (t) => {
  const figures = measured({ clone_virsh: 1500, resume: 59.4, private_1: 177 }).summaries();
  const text = renderBench({
    version: 1,
    host: "debian-12",
    accelerator: { accel: "tcg", reason: "/dev/kvm is missing", qemu: "7.2.22", timeFactor: 1 },
    machine: { cores: 2, memoryMiB: 8000, loadBefore: 0.1, loadAfter: 2 },
    repeat: 1,
    seconds: 9,
    ratios: ratiosOf(figures, 3072),
    figures,
  });
  t.equal(
    text.head,
    "debian-12 under TCG (/dev/kvm is missing), QEMU 7.2.22, 2 cores, load 0.1 to 2.0, " +
      "medians of 1 repetition",
  );
  t.same(
    text.ratios.map(([amount, , bar]) => [amount, bar]),
    [
      ["5.76 %", "kept: at most 6 %"],
      ["59 ms", "kept: at most 100 ms"],
    ],
  );
  t.same(
    text.figures.map(([median]) => median),
    ["59.4 ms", "1.50 s", "177 MiB"],
  );
});

const SOAK: SoakReport = {
  version: 1,
  host: "debian-12",
  accel: "tcg",
  asked: 200,
  right: 200,
  guests: 20,
  parallel: 6,
  seconds: 400,
  wrong: [],
  drift: [{ what: "open files", before: 30, after: 30, limit: 0, kept: true }],
};

t.test("a soak is right when every clone is and nothing drifts", async (t) => {
  t.ok(isRight(SOAK));
  t.match(renderSoak(SOAK), /^200 of 200 clones right, 20 with a PV guest, 6 at once, 400 s/);

  const wrong = { ...SOAK, right: 199, wrong: [{ clone: 7, reason: "virsh list says: error" }] };
  t.notOk(isRight(wrong));
  t.match(renderSoak(wrong), "clone 7: virsh list says: error");

  const drifts = { ...SOAK, drift: [{ ...SOAK.drift[0]!, after: 31, kept: false }] };
  t.notOk(isRight(drifts));
  t.match(renderSoak(drifts), "DRIFT: open files 30 → 31, 0 more allowed");
});
