import t from "tap";
import { lacksForGuests } from "../../harness/run/guest-types.ts";

t.equal(lacksForGuests(["pv", "pvh", "hvm"], "pv hvm hap gnttab-v1"), undefined);
t.equal(lacksForGuests(["pv"], "pv"), undefined);
t.equal(
  lacksForGuests(["pv", "pvh", "hvm"], "pv gnttab-v1"),
  "the host cannot run PVH and HVM guests: its Xen has only pv, gnttab-v1",
);
t.equal(lacksForGuests(["hvm"], ""), undefined, "an xl that does not say is no reason");
