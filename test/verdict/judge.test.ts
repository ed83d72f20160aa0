import t from "tap";
import fc from "fast-check";
import { judge, type Verdict } from "../../harness/verdict/judge.ts";
import type { Observation } from "../../harness/verdict/observation.ts";

const good = { ok: true, name: "it runs" };
const bad = { ok: false, name: "it runs", detail: "found 1, wanted 2" };
const seen = (part: Partial<Observation>): Observation => ({
  interrupted: false,
  assertions: [good],
  ...part,
});
const hostFailure = { message: "host debian-12 is lost: Xen panics on CPU 0", code: "HOST_LOST" };
const late = { seconds: 180.4, during: "guest boots" };
const panicked = {
  kind: "assertion" as const,
  message: "guest g: its kernel panics: no init",
  code: "GUEST_PANICKED",
};

const TABLE: readonly [title: string, Partial<Observation>, Verdict][] = [
  ["all assertions hold", {}, { status: "passed", reason: "" }],
  [
    "an assertion does not",
    { assertions: [good, bad] },
    {
      status: "failed",
      reason: 'scenario: "it runs" does not hold: found 1, wanted 2',
      code: "ASSERTION",
    },
  ],
  [
    "several do not, the first without a detail",
    { assertions: [{ ok: false, name: "a" }, bad, bad] },
    {
      status: "failed",
      reason: 'scenario: "a" does not hold (and 2 more)',
      code: "ASSERTION",
    },
  ],
  [
    "nothing is asserted",
    { assertions: [] },
    { status: "failed", reason: "the scenario asserts nothing", code: "NO_ASSERTIONS" },
  ],
  [
    "the guest fails",
    { thrown: panicked },
    { status: "failed", reason: panicked.message, code: "GUEST_PANICKED" },
  ],
  [
    "the infrastructure throws",
    { thrown: { kind: "infra", message: "the channel is lost", code: "CHANNEL_LOST" } },
    { status: "error", reason: "the channel is lost", code: "CHANNEL_LOST" },
  ],
  [
    "the scenario has a bug",
    { thrown: { kind: "bug", message: "x is not a function" } },
    { status: "error", reason: "the scenario's code throws: x is not a function" },
  ],
  ["it does not apply", { skipped: "no HAP" }, { status: "skipped", reason: "no HAP" }],
  [
    "its process dies",
    { childDeath: "dies of SIGSEGV" },
    { status: "error", reason: "the scenario's process dies of SIGSEGV", code: "CHILD_DIED" },
  ],
  [
    "it is late",
    { late },
    {
      status: "timedout",
      reason: "the scenario does not end within its deadline of 180 s; it was at: guest boots",
      code: "DEADLINE",
    },
  ],
  [
    "the host is lost",
    { hostFailure },
    { status: "error", reason: hostFailure.message, code: "HOST_LOST" },
  ],
  [
    "the run is interrupted",
    { interrupted: true },
    { status: "interrupted", reason: "the run was interrupted" },
  ],
];

for (const [title, part, verdict] of TABLE) {
  t.test(`when ${title}: ${verdict.status}`, (t) => {
    t.strictSame(judge(seen(part)), verdict);
    t.end();
  });
}

t.test("what lies lower is the cause, whatever else was seen in its fall", (t) => {
  const order: [Partial<Observation>, Verdict["status"]][] = [
    [{ interrupted: true }, "interrupted"],
    [{ hostFailure }, "error"],
    [{ late }, "timedout"],
    [{ skipped: "no HAP" }, "skipped"],
    [{ thrown: panicked }, "failed"],
    [{ assertions: [bad] }, "failed"],
    [{ childDeath: "dies of SIGKILL" }, "error"],
  ];
  for (const [index, [lowest, status]] of order.entries()) {
    const all = order.slice(index).map(([part]) => part);
    t.equal(judge(seen(Object.assign({}, ...all.reverse(), lowest))).status, status);
  }
  t.end();
});

t.test("only a body that ran to its end and asserted something passes", (t) => {
  const text = fc.string();
  const optional = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined });
  const observation = fc.record({
    interrupted: fc.boolean(),
    hostFailure: optional(fc.record({ message: text })),
    late: optional(fc.record({ seconds: fc.nat(), during: text })),
    thrown: optional(
      fc.record({ kind: fc.constantFrom("usage", "infra", "assertion", "bug"), message: text }),
    ),
    skipped: optional(text),
    childDeath: optional(text),
    assertions: fc.array(fc.record({ ok: fc.boolean(), name: text })),
  }) as fc.Arbitrary<Observation>;
  const property = fc.property(observation, (seen) => {
    const { interrupted, assertions, ...rest } = seen;
    const clean =
      !interrupted &&
      Object.values(rest).every((value) => value === undefined) &&
      assertions.length > 0 &&
      assertions.every(({ ok }) => ok);
    const { status, reason } = judge(seen);
    return (status === "passed") === clean && (status === "passed") === (reason === "" && clean);
  });
  t.doesNotThrow(() => fc.assert(property));
  t.end();
});
