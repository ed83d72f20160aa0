/** Costs a disk image and a boot without template, a good minute under emulation. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import t from "tap";
import { ROOT } from "../cli/run-xenloop.ts";
import { copyCheckout } from "./checkout.ts";

t.setTimeout(0);

t.test("the host of docs/add-a-host.md boots, with the Xen options it asks for", async (t) => {
  const text = readFileSync(join(ROOT, "docs/add-a-host.md"), "utf8");
  const [, path = "", source = ""] = /^```ts\n\/\/ (\S+)\n(.*?)^```$/ms.exec(text) ?? [];
  const [, name = ""] = /^images\/hosts\/(.+)\.ts$/.exec(path) ?? [];
  const checkout = copyCheckout(t);
  writeFileSync(join(checkout, path), source);
  // What `image lock` would write if the archive stood still: no test depends on the day.
  const lock = readFileSync(join(checkout, "images/lock/debian-12.json"), "utf8");
  const own = join(checkout, `images/lock/${name}.json`);
  writeFileSync(own, lock.replace('"host": "debian-12"', `"host": "${name}"`));

  const argv = ["shell", name, "--cold", "--", "xl", "info"];
  const { exitCode, stdout, stderr } = await execa(join(checkout, "xenloop"), argv, {
    reject: false,
    stdin: "ignore",
  });
  t.equal(exitCode, 0, stderr);
  t.match(stdout, /^xen_scheduler +: credit$/m);
  t.match(stdout, /^xen_commandline +:.* sched=credit/m);
  t.match(stdout, /^total_memory +: 409\d$/m);
  t.notMatch(stderr, "is not pinned");
});
