import t from "tap";
import { jobFaults, readJobInfos, type JobInfo } from "../../harness/scenario/job-info.ts";

t.test("answers of domjobinfo are read, as one virsh prints them all", (t) => {
  const none = "Job type:         None        \n\n";
  const running = "Job type:         Unbounded   \nOperation:        Unknown\n";
  const elapsed = "Time elapsed:     11430        ms\n\n";
  const text = `virsh # ${none}virsh # ${running}${elapsed}virsh # error: failed to get domain 'g'\n`;
  t.same(readJobInfos(`${text}\nvirsh # error: this function is not supported\n`), [
    { type: "None", elapsedMs: 0 },
    { type: "Unbounded", elapsedMs: 11430 },
    { type: "gone", elapsedMs: 0, error: "failed to get domain 'g'" },
    { type: "refused", elapsedMs: 0, error: "this function is not supported" },
  ]);
  t.same(readJobInfos(""), []);
  t.end();
});

t.test("a job that is seen, goes forwards and ends has no faults", (t) => {
  const seen: JobInfo[] = [
    { type: "None", elapsedMs: 0 },
    { type: "Unbounded", elapsedMs: 779 },
    { type: "Unbounded", elapsedMs: 1500 },
    { type: "gone", elapsedMs: 0 },
  ];
  t.same(jobFaults(seen), []);
  t.end();
});

t.test("each fault of a job is said", (t) => {
  const none = { type: "None", elapsedMs: 0 };
  const at = (elapsedMs: number): JobInfo => ({ type: "Unbounded", elapsedMs });
  t.same(jobFaults([none]), ["no answer shows the job"]);
  t.same(jobFaults([at(5), none, at(9), none]), ["an answer in between is None"]);
  const gone = { type: "gone", elapsedMs: 0 };
  t.same(jobFaults([at(5), gone, at(9), gone]), ["an answer in between is gone"]);
  t.same(jobFaults([at(5), at(5), none]), ["its time stands still at 5 ms"]);
  t.same(jobFaults([none, at(5), at(9)]), ["the last answer still shows the job"]);
  t.same(jobFaults([at(0), none]), [], "one answer is enough of a short job");
  const back = [
    { type: "Unbounded", elapsedMs: 900 },
    { type: "Unbounded", elapsedMs: 20 },
    { type: "refused", elapsedMs: 0, error: "this function is not supported" },
  ];
  t.same(jobFaults(back), [
    "its time goes back from 900 to 20 ms",
    "an answer is refused: this function is not supported",
  ]);
  t.end();
});
