import { join } from "node:path";
import t from "tap";
import { treeSize } from "../../harness/image/tree-size.ts";

t.test("a walk looks at as many names as it may", async (t) => {
  const path = t.testdir({ one: "1", folder: { two: "22", three: "333" } });
  const walk = { left: 5, unseen: 0 };
  t.match(await treeSize(path, walk), { bytes: 6 });
  t.same(walk, { left: 1, unseen: 0 });
  const short = { left: 2, unseen: 0 };
  t.match(await treeSize(path, short), { bytes: 1 });
  t.equal(short.left, 0);
});

t.test("what it cannot look at is told, what is gone is not", async (t) => {
  const path = t.testdir();
  const walk = { left: 9, unseen: 0 };
  await treeSize(join(path, "nowhere"), walk);
  t.equal(walk.unseen, 0);
  await treeSize(join(path, "x".repeat(300)), walk);
  t.equal(walk.unseen, 1);
});
