import { reduce } from "../../../harness/events/reduce.ts";
import type { RunResult } from "../../../harness/events/result.ts";
import { BUILD_SCENARIO } from "../../../harness/events/schema.ts";
import type { CellStatus } from "../../../harness/events/status.ts";
import { planned, RUN_STARTED, stream } from "../../events/fixtures/streams.ts";

/** A run in which every text that is not the harness's own is `text`. */
export function hostileRun(text: string, excerpt: string[] = [text]): RunResult {
  const id = text === "" ? "empty" : text;
  const build = `build ${text}`;
  const result = reduce(
    stream(
      RUN_STARTED,
      [
        "planned",
        {
          cells: [
            { ...planned(text, text, { axes: { [`a${text}`]: text } }), id, title: text },
            planned(BUILD_SCENARIO, text, { id: build }),
          ],
        },
      ],
      ["warning", { message: text }],
      ["cell-started", { cell: id, attempt: 1 }],
      ["phase-started", { scope: id, phase: text }],
      ["phase-ended", { scope: id, phase: text, ms: 5, detail: text }],
      ["facts", { cell: id, facts: { xen_version: text, [`x${text}`]: text } }],
      ["comment", { cell: id, text }],
      ["comment", { cell: build, text }],
      ["assertion", { cell: id, attempt: 1, ok: false, name: text, detail: text }],
      ["assertion", { cell: id, attempt: 1, ok: true, name: text, detail: text }],
      ["evidence", { cell: id, attempt: 1, item: { path: `e/${text}`, bytes: 1, kind: text } }],
      ["known-issue", { cell: id, attempt: 1, issue: text, title: text }],
      [
        "cell-ended",
        { cell: id, attempt: 1, status: "failed", reason: text, code: text, ms: 1, excerpt },
      ],
      ["compared", { cell: id, role: "patched", effect: text }],
      ["run-ended", { exitCode: 1, reason: text, ms: 100, next: text }],
    ),
  );
  const run = { ...result.run, commit: text, argv: [text], locks: { [`l${text}`]: text } };
  return { ...result, run, cells: result.cells.map((cell) => ({ ...cell, status: FAILED })) };
}

const FAILED: CellStatus = "failed";

/** Each would do something if it were markup, terminal control, a mention or a link. */
export const HOSTILE: readonly string[] = [
  `<script>document.title="owned"</script>`,
  `"><img src=x onerror="document.title='owned'">`,
  `' onmouseover='document.title=1' x='`,
  `</pre></details></style></script><h1>owned</h1>`,
  `<!-- --><![CDATA[ ]]> <?php ?> &lt;b&gt; &#60;`,
  `]]>]]>`,
  `javascript:document.title='owned'`,
  `\u001b[31mred\u001b]8;;http://example.org\u0007link\u001b]8;;\u0007\u001b[2J\u0000\b\u009b1m`,
  `\u202egpj.exe\u2066\u200f`,
  `@everyone #1 https://example.org [a](b) ![c](d) **e** \`f\` | g |`,
  `\ud800 \udfff \ufffe \uffff`,
  `a\r\nb\n\n\nc\u2028d`,
  `../../../../etc/passwd`,
];
