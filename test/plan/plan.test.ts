import t from "tap";
import { parseCellId, sameCell } from "../../harness/plan/cell.ts";
import { plan } from "../../harness/plan/plan.ts";
import { host, scenario } from "./make.ts";

const HOSTS = [host("debian-11", { xen: "4.14", libvirt: "7.0.0" }), host("debian-12")];

t.test("hosts × scenarios × axes, host by host, the last axis fastest", async (t) => {
  const axes = { bus: ["xen", "ide"], format: ["raw", "qcow2"] };
  const cells = plan({ scenarios: [scenario("a"), scenario("b", { axes })], hosts: HOSTS });
  t.strictSame(
    cells.slice(0, 6).map(({ id }) => id),
    [
      "a[debian-11]",
      "b[debian-11,bus=xen,format=raw]",
      "b[debian-11,bus=xen,format=qcow2]",
      "b[debian-11,bus=ide,format=raw]",
      "b[debian-11,bus=ide,format=qcow2]",
      "a[debian-12]",
    ],
  );
  t.equal(cells.length, 10);
});

t.test("a cell whose needs are not met stays, with its reason", async (t) => {
  const needs = { xen: ">=4.17", libvirt: ">=8.0" };
  const [old, new_] = plan({ scenarios: [scenario("a", { needs })], hosts: HOSTS });
  t.equal(
    old?.excluded,
    "needs Xen >=4.17, debian-11 has 4.14; needs libvirt >=8.0, debian-11 has 7.0.0",
  );
  t.notOk("excluded" in new_!);
});

t.test("PVH guests need a Xen and a libvirt that know them", async (t) => {
  const needs = { guestTypes: ["pvh" as const] };
  const hosts = [
    host("old", { xen: "4.8", libvirt: "3.0.0" }),
    host("mixed", { xen: "4.11", libvirt: "4.9.0" }),
    host("debian-12"),
  ];
  const excluded = plan({ scenarios: [scenario("a", { needs })], hosts }).map(
    (cell) => cell.excluded,
  );
  t.strictSame(excluded, [
    "needs Xen >=4.10 for PVH guests, old has 4.8; needs libvirt >=4.10.0 for PVH guests, old has 3.0.0",
    "needs libvirt >=4.10.0 for PVH guests, mixed has 4.9.0",
    undefined,
  ]);
  const others = scenario("b", { needs: { guestTypes: ["pv", "hvm"] } });
  t.notOk(plan({ scenarios: [others], hosts }).some((cell) => cell.excluded));
});

t.test("of several guest types a cell needs the one that its axis names", async (t) => {
  const hosts = [host("old", { xen: "4.8", libvirt: "3.0.0" })];
  const several = scenario("a", {
    needs: { guestTypes: ["pv", "pvh"], guestTypeOf: { boot: { direct: "pv", grub: "pvh" } } },
    axes: { boot: ["direct", "grub", "either"] },
  });
  const excluded = plan({ scenarios: [several], hosts }).map((cell) => cell.excluded ?? "");
  t.equal(excluded[0], "", "a PV guest");
  t.match(excluded[1], "for PVH guests");
  t.match(excluded[2], "for PVH guests", "a value that names no type needs them all");
});

t.test("a pinned host is judged by the versions of its lock", async (t) => {
  const pinned = () => ({ xen: "4.17.5+72-g01140da4e8-1", libvirt: "9.0.0-4+deb12u2" });
  const excluded = (needs: object) =>
    plan({ scenarios: [scenario("a", { needs })], hosts: HOSTS.slice(1), pinned })[0]?.excluded;
  t.equal(excluded({ xen: ">=4.17.5", libvirt: "<=9.0.0" }), undefined);
  t.match(excluded({ xen: ">=4.17.6" }), "needs Xen >=4.17.6, debian-12 has 4.17.5+72");
  t.match(excluded({ xen: "<4.17.5" }), "needs Xen <4.17.5");
  t.match(excluded({ libvirt: ">9.0.0" }), "needs libvirt >9.0.0, debian-12 has 9.0.0");
});

t.test("a cell may want packages that few hosts have, and settings of dom0", async (t) => {
  const needs = { packages: ["libguestfs0"] };
  const with_ = { ...host("with"), packages: ["xen-utils", "libguestfs0"] };
  const [without, fits] = plan({
    scenarios: [scenario("a", { needs })],
    hosts: [...HOSTS.slice(1), with_],
  });
  t.equal(without?.excluded, "needs libguestfs0 in dom0");
  t.notOk("excluded" in fits!);

  const [bare, furnished] = plan({
    scenarios: [scenario("a", { needs: { debianGuest: true } })],
    hosts: [host("bare"), { ...host("furnished"), debianGuest: true }],
  });
  t.equal(bare?.excluded, "needs a Debian guest in the host's image");
  t.notOk("excluded" in furnished!);

  const axes = { dom0: ["host", "small"] };
  const small = { mem: "512M" };
  const cells = plan({ scenarios: [scenario("b", { axes, dom0: { small } })], hosts: [with_] });
  t.strictSame(
    cells.map(({ dom0 }) => dom0),
    [undefined, small],
  );
});

t.test("deadlines are scaled to whole seconds", async (t) => {
  const [cell] = plan({ scenarios: [scenario("a", { deadline: 10 })], hosts: HOSTS, scale: 1.37 });
  t.equal(cell?.deadlineSeconds, 14);
});

t.test("only the cells that are wanted", async (t) => {
  const wanted = parseCellId("a[debian-12,y=1,x=2]");
  const scenarios = [scenario("a", { axes: { x: ["1", "2"], y: ["1", "2"] } })];
  const cells = plan({ scenarios, hosts: HOSTS, wants: (cell) => sameCell(cell, wanted) });
  t.strictSame(
    cells.map(({ id }) => id),
    ["a[debian-12,x=2,y=1]"],
  );
});
