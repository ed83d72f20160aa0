import t from "tap";
import { diagnosisBesides } from "../../reports/diagnosis-besides.ts";

t.test(
  "a diagnosis that only names the layer of the reason's words says nothing more",
  async (t) => {
    const reason = "virsh migrate guest exits with 1 in dom0:\nerror: internal error";
    const said = (diagnosis?: string) =>
      diagnosisBesides({ reason, ...(diagnosis !== undefined && { diagnosis }) });
    t.equal(
      said("libvirtd: virsh migrate guest exits with 1 in dom0: error: internal error"),
      undefined,
    );
    t.equal(said("outer QEMU: virsh migrate guest exits with 1 in…"), undefined, "cut");
    t.equal(said(), undefined);
    t.equal(said("Xen: it panics on CPU 0"), "Xen: it panics on CPU 0");
  },
);
