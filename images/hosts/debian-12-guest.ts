import type { HostSpec } from "../../harness/spec/host-spec.ts";
import debian12 from "./debian-12.ts";

/** For the realistic guest: beside the reporting one a Debian with systemd. */
const debian12Guest: HostSpec = {
  ...debian12,
  name: "debian-12-guest",
  title: "Debian 12 (bookworm) with a Debian guest",
  debianGuest: true,
  onRequest: true,
};

export default debian12Guest;
