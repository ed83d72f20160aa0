import t from "tap";
import { applyOverrides } from "../../harness/config/overrides.ts";
import { host } from "../plan/make.ts";

const HOST = host("debian-12");

t.test("nothing changes nothing", async (t) => {
  t.strictSame(applyOverrides(HOST), HOST);
  t.strictSame(applyOverrides(HOST, { dom0: {} }), HOST);
});

t.test("fields are replaced, packages added, the spec stays as it was", async (t) => {
  const before = structuredClone(HOST);
  const changed = applyOverrides(HOST, {
    memoryMiB: 4096,
    packages: ["gdb", "xen-utils"],
    dom0: { vcpusPin: true, mem: "" },
    release: "sid",
    components: ["main", "contrib"],
    expect: { kernel: "7." },
  });
  t.match(changed, { release: "sid", components: ["main", "contrib"] });
  t.strictSame(changed.expect, { ...HOST.expect, kernel: "7." });
  t.equal(changed.memoryMiB, 4096);
  t.strictSame(changed.packages, ["xen-utils", "gdb"]);
  t.strictSame(changed.dom0, { ...HOST.dom0, vcpusPin: true, mem: "" });
  t.strictSame(HOST, before);
});

t.test("snapshot over mirror over the host's own over the general one", async (t) => {
  const own = { ...HOST, mirror: "http://own/" };
  const general = "http://general/";
  t.equal(applyOverrides(HOST, {}, general).mirror, general);
  t.equal(applyOverrides(own, {}, general).mirror, "http://own/");
  t.equal(applyOverrides(own, { mirror: "http://m/" }, general).mirror, "http://m/");
  const both = { mirror: "http://m/", snapshot: "http://s/" };
  t.equal(applyOverrides(own, both, general).mirror, "http://s/");
  t.equal(applyOverrides(own, both).allowExpiredRelease, true, "a snapshot is of its date");
  t.notOk(applyOverrides(own, { mirror: "http://m/" }).allowExpiredRelease);
});
