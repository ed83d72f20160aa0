import fc from "fast-check";
import t from "tap";
import { reduce } from "../../../harness/events/reduce.ts";
import { junitXml } from "../../../reports/junit/document.ts";
import { MIXED, PASSING, planned, RUN_STARTED, stream } from "../../events/fixtures/streams.ts";
import { matchGolden } from "../fixtures/golden.ts";
import { openJunitSchema } from "../fixtures/junit-schema.ts";

const schema = openJunitSchema();
t.teardown(() => schema.dispose());

const PV = "pv-boot[debian-12]";

/** A run with one failed cell in which every text field is of unknown origin. */
function hostileRun(text: string, excerpt: string[] = [text]) {
  return reduce(
    stream(
      RUN_STARTED,
      ["planned", { cells: [planned("pv-boot", "debian-12", { axes: { format: text } })] }],
      ["phase-started", { scope: PV, phase: text }],
      ["facts", { cell: PV, facts: { xen_version: text, [`x${text}`]: text } }],
      ["comment", { cell: PV, text }],
      ["assertion", { cell: PV, attempt: 1, ok: false, name: text, detail: text }],
      ["evidence", { cell: PV, attempt: 1, item: { path: text, bytes: 1, kind: text } }],
      [
        "cell-ended",
        { cell: PV, attempt: 1, status: "failed", reason: text, code: text, ms: 1, excerpt },
      ],
    ),
  );
}

for (const [name, events] of [
  ["passing", PASSING],
  ["mixed", MIXED],
  ["interrupted", PASSING.slice(0, 6)],
] as const) {
  t.test(`${name}: as in the golden file, and valid`, async (t) => {
    const xml = junitXml(reduce(events));
    schema.check(xml);
    matchGolden(t, `junit-${name}.xml`, xml);
  });
}

t.test("a run without cells is a valid report of nothing", async (t) => {
  const xml = junitXml(reduce(stream(RUN_STARTED)));
  t.match(
    schema.check(xml, (document) => document.root.attrs.map(({ name, value }) => [name, value])),
    [
      ["tests", "0"],
      ["failures", "0"],
    ],
  );
});

t.test("two reports in one process do not mix", async (t) => {
  const first = junitXml(reduce(PASSING));
  junitXml(reduce(MIXED));
  t.equal(junitXml(reduce(PASSING)), first);
});

t.test("the schema refuses what it is there to refuse", async (t) => {
  const xml = junitXml(reduce(MIXED));
  for (const [from, to] of [
    [/timestamp="([^"]*)Z"/, 'timestamp="$1"'],
    [/<skipped\/>/, "<skipped/><failure/>"],
    [/classname="[^"]*"/, ""],
    [/<\/properties>/, '<property name="xen_version" value="2"/></properties>'],
    [/<\/testsuites>/, ""],
  ] as const) {
    t.match(xml, from);
    t.throws(() => schema.check(xml.replace(from, to)), `${from} → ${to}`);
  }
});

t.test("console text arrives as it was, less what XML and people cannot read", async (t) => {
  const console = "a ]]> b & <c> \u001b[1;31mred\u001b[0m\u0000\u0007 \ud800 \ufffe é 😀\r\nnext";
  const xml = junitXml(hostileRun(console));
  const output = schema.check(xml, (document) => document.get("//system-out")?.content);
  t.equal(output, `a ]]> b & <c> red \ufffd  é 😀\nnext\n# a ]]> b & <c> red \ufffd  é 😀\nnext`);
  const message = schema.check(xml, (document) => document.get("//failure/@message")?.content);
  t.match(message, "a ]]> b & <c> red");
});

t.test("any text gives a well-formed, valid report", async () => {
  const nasty = fc.constantFrom(
    ...["]]>", "<![CDATA[", "\u001b[31m", "\u001b]0;t\u0007", "\u009b1m", "\0", "\ud800", "\udc00"],
    ...[
      "\ufffe",
      "\uffff",
      "&#0;",
      "&amp;",
      "<!--",
      "-->",
      "<?xml?>",
      "\r",
      "\n",
      '"',
      "'",
      "\u2028",
    ],
  );
  const codeUnit = fc.nat({ max: 0xffff }).map((code) => String.fromCharCode(code));
  const text = fc
    .array(fc.oneof(nasty, fc.string({ unit: codeUnit }), fc.string()), { maxLength: 8 })
    .map((parts) => parts.join(""));
  fc.assert(
    fc.property(text, fc.array(text, { maxLength: 4 }), (field, excerpt) => {
      schema.check(junitXml(hostileRun(field, excerpt)));
    }),
    { numRuns: 200 },
  );
});

t.test("any bytes a console can hold, decoded as UTF-8", async () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      schema.check(junitXml(hostileRun(Buffer.from(bytes).toString("utf8"))));
      schema.check(junitXml(hostileRun(Buffer.from(bytes).toString("latin1"))));
    }),
  );
});

t.test("5 MB of console in one cell", async (t) => {
  const line = "(XEN) \u001b[33mdom0\u001b[0m \u0001\ud83d & <x>\r";
  const lines = Array.from({ length: Math.ceil(5_000_000 / line.length) }, (_, index) =>
    index % 1000 === 0 ? `]]>${line}` : line,
  );
  const xml = junitXml(hostileRun("x", lines));
  const output = schema.check(xml, (document) => document.get("//system-out")?.content ?? "");
  t.ok(output.startsWith("]]>(XEN) dom0 \ufffd & <x>\n(XEN)"));
  t.equal(output.split("\n").length, lines.length + 1);
});
