import t from "tap";
import { compare } from "../../harness/known/prediction.ts";
import type { CellResult } from "../../harness/events/result.ts";
import type { Prediction } from "../../harness/spec/known-issue.ts";
import { cell, issue } from "./make.ts";

const known = { issue: "K99", title: "a guest with two heads" };
const predicting = (predicted: Prediction, corrected?: Prediction) =>
  issue({
    reproducer: {
      does: "asks twice",
      deadline: 10,
      predicted: { "debian-12": predicted },
      ...(corrected && { corrected: { "debian-12": corrected } }),
    },
  });
const seen = (more: Partial<CellResult>, predicted: Prediction, corrected?: Prediction) => {
  const { observed, outcome, change } = compare(predicting(predicted, corrected), cell(more));
  return [observed, outcome, change];
};

t.test("a failure with the issue's marks is the issue", async (t) => {
  t.same(seen({ known }, "happens"), ["happens", "confirmed", undefined]);
  t.same(seen({ known }, "absent"), ["happens", "wrong", "new?"]);
});

t.test("an issue that stopped happening may be fixed", async (t) => {
  t.same(seen({ status: "passed" }, "happens"), ["absent", "wrong", "fixed?"]);
  t.same(seen({ status: "passed" }, "absent"), ["absent", "confirmed", undefined]);
});

t.test("a correction is what later runs are held against; the outcome stays wrong", async (t) => {
  t.same(seen({ status: "passed" }, "happens", "absent"), ["absent", "wrong", undefined]);
  t.same(seen({ known }, "happens", "absent"), ["happens", "confirmed", "new?"]);
});

t.test("a failure without its marks, or with another's, is something else", async (t) => {
  t.same(seen({}, "happens"), ["other", "wrong", "different"]);
  const another = { issue: "K01", title: "x" };
  t.same(seen({ known: another }, "absent"), ["other", "wrong", "different"]);
});

t.test("a host that never came up, a skip and an interruption show nothing", async (t) => {
  for (const status of ["error", "skipped", "interrupted"] as const) {
    t.same(seen({ status }, "happens"), ["unknown", "not-reproducible", undefined], status);
  }
});
