import t from "tap";
import {
  answer,
  answerForHost,
  renderAnswer,
  renderAnswerJson,
} from "../../harness/rules/index.ts";

const old = answer({ xen: "4.4.2", libvirt: "1.2.20" });

t.test("the verdict comes first", async (t) => {
  t.same(renderAnswer(old).split("\n").slice(0, 4), [
    "Xen 4.4.2 with libvirt 1.2.20",
    "✖ minimum not met",
    "! recommendation not met",
    "✖ not supported",
  ]);
  const debian = renderAnswer(answer({ xen: "4.17.5", libvirt: "9.0.0" }));
  t.match(debian, "✔ minimum met\n✔ recommendation met\n✔ supported\n");
  t.notMatch(debian, "backports");
});

t.test("each statement has its sign, its texts stand in one column", async (t) => {
  const lines = renderAnswer(old, { width: 80 }).split("\n");
  const heads = lines.filter((line) => /^ {2}[✔!✖] /.test(line));
  t.equal(heads.length, old.statements.length);
  const columns = new Set(heads.map((line) => /^ {2}[✔!✖] \S+ +/.exec(line)?.[0].length));
  t.equal(columns.size, 1);
  for (const line of lines.filter((text) => !text.includes("https://"))) {
    t.ok(line.length <= 80, line);
  }
});

t.test("what fails shows its commits as links, the claim and the correction", async (t) => {
  const text = renderAnswer(old, { width: 300 });
  t.match(text, "https://gitlab.com/libvirt/libvirt/-/commit/06c910ead");
  t.match(text, "Correction: 1.2.21 fixed it already.");
  t.match(text, /backports\n {2}xen {5}ba683105b5 {2}libxl: event handling/);
  t.match(text, "https://xenbits.xen.org/gitweb/?p=xen.git;a=commit;h=ba683105b5");
});

t.test("a live host shows the lock and the notes", async (t) => {
  const text = renderAnswer(
    answerForHost({
      xenInfo: "xen_version            : 4.17.6\n",
      virshVersion: "Running hypervisor: Xen 4.17.0\nRunning against daemon: 9.0.0\n",
      lock: { xen: "4.17.5+72-g01140da4e8-1", libvirt: "9.0.0-4+deb12u2" },
    }),
  );
  t.match(text, "✖ xen 4.17.6 runs, the lock says 4.17.5+72-g01140da4e8-1\n");
  t.match(text, "✔ libvirt 9.0.0 runs, the lock says 9.0.0-4+deb12u2\n");
  t.match(text, "! virsh version says Xen 4.17.0 for 4.17.6");
});

t.test("JSON is the whole answer", async (t) => {
  t.same(JSON.parse(renderAnswerJson(old)), old);
  const first = old.statements[0];
  t.match(first, { id: "R01", status: "fail", page: /4\.5\.1/ });
  t.match(first?.commits[0], { repo: "xen", hash: "93699882d9", firstIn: "4.6.0", url: /^https:/ });
});
