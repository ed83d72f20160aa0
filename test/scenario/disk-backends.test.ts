import t from "tap";
import { parseDiskBackends } from "../../harness/scenario/disk-backends.ts";

const LISTING = `
/local/domain/0/backend/vbd/7/51712/frontend = "/local/domain/7/device/vbd/51712"
/local/domain/0/backend/vbd/7/51712/params = "/var/lib/xenloop/disks/disk-0.raw"
/local/domain/0/backend/vbd/7/51712/dev = "xvda"
/local/domain/0/backend/qdisk/7/51728/params = "qcow2:/var/lib/xenloop/disks/disk-1.qcow2"
/local/domain/0/backend/qdisk/7/51728/dev = "xvdb"
/local/domain/0/backend/qdisk/8/51712/params = "aio:/var/lib/xenloop/disks/disk-2.raw"
/local/domain/0/backend/qdisk/8/51712/dev = "xvda"
/local/domain/0/backend/vif/7/0/script = "/etc/xen/scripts/vif-bridge"
`;

t.test("each disk of the domain has its backend, and QEMU's its format", (t) => {
  const disks = parseDiskBackends(LISTING, "7");
  t.same([...disks.keys()], ["xvda", "xvdb"], "other domains and devices are no part of it");
  t.match(disks.get("xvda"), { kind: "vbd", format: "" });
  t.match(disks.get("xvdb"), { kind: "qdisk", format: "qcow2" });
  t.end();
});

t.test("a domain without disks has none", (t) => {
  t.equal(parseDiskBackends(LISTING, "9").size, 0);
  t.end();
});
