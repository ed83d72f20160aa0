import t from "tap";
import { readAction } from "./fixtures/action.ts";
import { readWorkflow } from "./fixtures/workflow.ts";

const { workflow: tests } = readWorkflow("pr.yml");
const { workflow: publish } = readWorkflow("publish.yml");
const steps = publish.jobs["publish"]?.steps ?? [];
const action = readAction("publish/action.yml");
const use = steps.find(({ uses }) => uses === "./publish");

t.test("it follows the workflow that tests, and takes its artifact", async (t) => {
  const after = publish.on["workflow_run"] as { workflows: string[]; types: string[] };
  t.strictSame(after, { workflows: [tests.name], types: ["completed"] });
  const uploads = Object.values(tests.jobs).flatMap((job) => job.steps);
  const upload = uploads.find(({ uses }) => uses?.startsWith("actions/upload-artifact"));
  t.equal(action.inputs["artifact"]?.default, upload?.with?.["name"]);
  t.match(use?.with?.["run"], "github.event.workflow_run.id");
  const download = action.runs.steps.find(({ uses }) => uses?.includes("download-artifact"));
  t.match(download?.with?.["name"], "inputs.artifact");
  t.match(download?.with?.["run-id"], "inputs.run");
});

t.test("the token that writes meets no code of a pull request", async (t) => {
  const [checkout] = steps;
  t.match(checkout?.uses, /^actions\/checkout@/);
  t.equal(checkout?.with, undefined, "the default branch, not the commit of the run");
  const scripts = [...steps, ...action.runs.steps].flatMap(({ run }) => run ?? []);
  t.strictSame(
    scripts.map((text) => text.split(" ").slice(0, 3)),
    [['"$XENLOOP"', "report", "publish"]],
  );
});
