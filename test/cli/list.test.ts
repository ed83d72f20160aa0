import t from "tap";
import { xenloop } from "./run-xenloop.ts";

const SCENARIO = `export default {
  meta: { title: "A test's own", deadline: 30, tags: ["mine"], needs: { xen: ">=4.14" } },
  body() {},
};`;

interface Listing {
  version: number;
  scenarios: { id: string; file: string; tags: string[] }[];
  hosts: { name: string; default: boolean; expect: { xen: string } }[];
  tags: { name: string; scenarios: number }[];
}

t.test("JSON", async (t) => {
  const cwd = t.testdir({ "mine.ts": SCENARIO, "xenloop.config.yaml": "tags: [later]\n" });
  const env = { XENLOOP_CACHE: `${cwd}/cache` };
  const { exitCode, stdout } = await xenloop(["list", "./mine.ts", "--json"], { cwd, env });
  t.equal(exitCode, 0);
  const listing = JSON.parse(stdout) as Listing;
  t.equal(listing.version, 1);
  t.match(listing.scenarios, [{ id: "mine", file: /mine\.ts$/, tags: ["mine"] }]);
  t.strictSame(listing.tags, [{ name: "mine", scenarios: 1 }]);
  t.match(
    listing.hosts.find(({ name }) => name === "debian-12"),
    {
      default: true,
      expect: { xen: "4.17" },
    },
  );

  const declared = await xenloop(["list", "./mine.ts", "--tags", "later"], { cwd, env });
  t.equal(declared.exitCode, 3, "a declared tag that nothing carries selects nothing");
});

t.test("text, and a caller elsewhere", async (t) => {
  const cwd = t.testdir({ "mine.ts": SCENARIO });
  const env = { XENLOOP_CACHE: `${cwd}/cache` };
  const { stdout } = await xenloop(["list", "mine.ts", "--host", "debian-12"], { cwd, env });
  t.match(stdout, /^ {2}mine {2}A test's own {2}mine$/m);
  t.match(stdout, /^ {2}debian-12 {2}Xen 4\.17 .*the default$/m);
});

t.test("what is not there", async (t) => {
  const cwd = t.testdir({ "mine.ts": SCENARIO });
  const env = { XENLOOP_CACHE: `${cwd}/cache` };
  for (const [args, code] of [
    [["--host", "debain-12"], "HOST_UNKNOWN"],
    [["./mine.ts", "--tags", "mien"], "TAG_UNKNOWN"],
    [["./mine.ts", "mnie"], "SCENARIO_UNKNOWN"],
    [["./none.ts"], "SCENARIO_INVALID"],
  ] as const) {
    const { exitCode, stderr } = await xenloop(["list", ...args], { cwd, env });
    t.equal(exitCode, 64, args.join(" "));
    t.match(stderr, `[${code}]`);
  }
});
