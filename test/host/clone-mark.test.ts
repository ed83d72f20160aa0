import t from "tap";
import { CLONE_MARK, ownPart } from "../../harness/host/clone-mark.ts";

t.test("what the template logged is left out", (t) => {
  const journal = `kernel: segfault\nkernel: ${CLONE_MARK}\nsystemd: all well\n`;
  t.equal(ownPart(journal), "systemd: all well\n");
  t.equal(ownPart("a host that booted by itself\n"), "a host that booted by itself\n");
  t.equal(ownPart(`its last line: ${CLONE_MARK}`), "");
  t.end();
});
