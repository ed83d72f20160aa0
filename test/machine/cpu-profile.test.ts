import t from "tap";
import { accelProfile } from "../../harness/machine/cpu-profile.ts";
import { applies } from "../../harness/machine/quirks.ts";

t.test("a quirk is for its range of versions, without the upper end", async (t) => {
  const quirk = { setting: "x", why: "y", from: "7.0", before: "9.1" };
  t.same(
    ["6.2.0", "7.0.0", "9.0.4", "9.1.0", "10.0.0"].map((version) => applies(quirk, version)),
    [false, true, true, false, false],
  );
  t.ok(applies({ setting: "x", why: "y" }, "1.0.0"));
});

t.test("older QEMU is not given properties it does not know", async (t) => {
  t.equal(accelProfile("tcg", "6.2.0").machine, "q35,vmport=off,usb=off");
  t.equal(accelProfile("tcg", "7.2.22").machine, "q35,vmport=off,usb=off,sata=off,smbus=off");
});

t.test("without what only makes it faster a host has what it does not work without", async (t) => {
  const { machine, xenArgs, dom0Args, cpu } = accelProfile("tcg", "7.2.22", { speed: false });
  t.equal(machine, "q35,vmport=off");
  t.same({ xenArgs, dom0Args }, { xenArgs: [], dom0Args: ["tsc=unstable"] });
  t.equal(cpu, accelProfile("tcg", "7.2.22").cpu.replace(",+invtsc", ""));
});

t.test("every setting says why it is there", async (t) => {
  for (const accel of ["kvm", "tcg"] as const) {
    const { cpu, machine, xenArgs, dom0Args, quirks } = accelProfile(accel, "9.2.0");
    const settings = [...machine.split(",").slice(1), ...cpu.split(","), ...xenArgs, ...dom0Args];
    t.same(
      quirks.map(({ setting }) => setting),
      settings,
    );
    t.ok(quirks.every(({ why }) => why.length > 20));
  }
});
