import t from "tap";
import { promiseOfMigration } from "../../harness/rules/migration-pair.ts";

t.test("the same and the next version are promised, others are not", (t) => {
  t.equal(promiseOfMigration("4.17.7", "4.17.5"), "supported");
  t.equal(promiseOfMigration("4.19.2", "4.20.4-pre"), "supported");
  t.equal(promiseOfMigration("4.14.6", "4.17.7"), "unpromised");
  t.equal(promiseOfMigration("4.20.5-pre", "4.17.7"), "backwards");
  t.equal(promiseOfMigration("4.20", "4.9"), "backwards", "numbers, not texts");
  t.throws(() => promiseOfMigration("unstable", "4.17"), /unstable/);
  t.end();
});
