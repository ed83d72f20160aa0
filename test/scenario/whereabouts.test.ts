import t from "tap";
import { describe, readWhereabouts } from "../../harness/scenario/whereabouts.ts";

const DOM0 = "Domain-0    0  1536     2     r-----      20.0\n";
const NONE = " Id   Name     State\n----------------------\n";
const RUNS = { xen: `${DOM0}guest 1 96 1 -b---- 2.0\n`, libvirt: `${NONE} 1  guest  running\n` };
const NOTHING = { xen: DOM0, libvirt: NONE };

const found = (a: { xen: string; libvirt: string }, b: { xen: string; libvirt: string }) =>
  readWhereabouts("guest", [
    { hostname: "xen-a", ...a },
    { hostname: "xen-b", ...b },
  ]);

t.test("a guest runs on one host, and nothing else is there of it", (t) => {
  t.same(found(RUNS, NOTHING), { running: ["xen-a"], remains: [] });
  const idle = { ...RUNS, xen: RUNS.xen.replace("-b----", "------") };
  t.same(found(NOTHING, idle), { running: ["xen-b"], remains: [] }, "neither runs nor waits");
  const other = { ...RUNS, xen: `${RUNS.xen}another 2 96 1 --p--- 0\n` };
  t.same(found(other, NOTHING), { running: ["xen-a"], remains: [] }, "other guests are no part");
  t.end();
});

t.test("one that runs twice, or nowhere, or of which something is left", (t) => {
  const twice = { ...NOTHING, xen: RUNS.xen };
  t.equal(
    describe(found(RUNS, twice)),
    "runs on xen-a and xen-b; xen-b: libvirt says there is none",
  );
  const half = {
    xen: `${DOM0}guest--incoming 2 96 1 --p--- 0.0\n(null) 4 0 1 --ps-d 0.1\n`,
    libvirt: `${NONE} -   guest   shut off\n`,
  };
  t.equal(
    describe(found(RUNS, half)),
    "runs on xen-a; xen-b: guest--incoming is paused; xen-b: (null) is dying; xen-b: libvirt says shut off",
  );
  const suspended = { ...RUNS, xen: RUNS.xen.replace("-b----", "---s--") };
  t.equal(
    describe(found(suspended, NOTHING)),
    "runs nowhere; xen-a: guest is suspended; xen-a: libvirt says running",
  );
  t.end();
});
