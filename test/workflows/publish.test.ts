import t from "tap";
import { readWorkflow } from "./fixtures/workflow.ts";

const { workflow: tests } = readWorkflow("pr.yml");
const { workflow: publish } = readWorkflow("publish.yml");
const steps = publish.jobs["publish"]?.steps ?? [];

t.test("it follows the workflow that tests, and takes its artifact", async (t) => {
  const after = publish.on["workflow_run"] as { workflows: string[]; types: string[] };
  t.strictSame(after, { workflows: [tests.name], types: ["completed"] });
  const uploads = Object.values(tests.jobs).flatMap((job) => job.steps);
  const upload = uploads.find(({ uses }) => uses?.startsWith("actions/upload-artifact"));
  const download = steps.find(({ uses }) => uses?.startsWith("actions/download-artifact"));
  t.equal(download?.with?.["name"], upload?.with?.["name"]);
  t.match(download?.with?.["run-id"], "github.event.workflow_run.id");
  t.match(steps.find(({ run }) => run)?.run, `--artifact ${upload?.with?.["name"]}`);
});

t.test("the token that writes meets no code of a pull request", async (t) => {
  const [checkout] = steps;
  t.match(checkout?.uses, /^actions\/checkout@/);
  t.equal(checkout?.with, undefined, "the default branch, not the commit of the run");
  const scripts = steps.flatMap(({ run }) => run ?? []);
  t.strictSame(
    scripts.map((text) => text.split(" ").slice(0, 3)),
    [["./xenloop", "report", "publish"]],
  );
});
