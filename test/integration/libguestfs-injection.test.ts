/** Costs the image and template of one more host, one clone and three small PV guests: 4 minutes. */
import t from "tap";
import { LiveRun } from "./live-run.ts";

t.setTimeout(0);

t.test("libguestfs injects into an image, and a Xen guest reads it there", async (t) => {
  const cell = "inject-by-libguestfs[debian-12-guestfs,by=outside-raw]";
  const run = new LiveRun(t, [cell]);
  t.equal(await run.exited, 0, run.lines.slice(-20).join("\n"));
  t.match(run.cell("inject-by-libguestfs").facts, {
    guest_type: "PV",
    predicted: "injected, read by the guest",
    observed: "injected, read by the guest",
  });
});
