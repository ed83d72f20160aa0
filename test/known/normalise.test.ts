import t from "tap";
import { normalise } from "../../harness/known/normalise.ts";

t.test("what differs from one time to the next is gone, what tells stays", async (t) => {
  const pairs: [string, string][] = [
    ["2026-11-25 10:23:51.123+0000: libxl: boom", "TIME: libxl: boom"],
    ["Nov 25 10:23:51 debian-12 libvirtd[412]: dies", "TIME HOST libvirtd[PID]: dies"],
    [
      "[   12.345678] xl[99]: segfault at 0 ip 00007f00",
      "[TIME] xl[PID]: segfault at 0 ip 00007f00",
    ],
    ["Domain 17: no backend, domid 17", "Domain N: no backend, domid N"],
    [
      "dom0 of Domain 0, domain0, Domain-0 and dom10",
      "dom0 of Domain 0, domain0, Domain-0 and dom N",
    ],
    ["id 3f0c6a4e-0000-4000-8000-0123456789ab at 0xdeadbeef", "id UUID at ADDRESS"],
    ["mac 00:16:3e:aa:bb:cc\r\n", "mac MAC\n"],
    ["\u001b[31mred\u001b[0m", "red"],
    ["unsupported flags (0x1) in function f", "unsupported flags (0x1) in function f"],
  ];
  for (const [text, wanted] of pairs) t.equal(normalise(text), wanted);
});
