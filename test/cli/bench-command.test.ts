import t from "tap";
import { xenloop } from "./run-xenloop.ts";

t.test(
  "bench runs by itself and has a soak; mistakes are told before anything starts",
  async (t) => {
    t.match(await xenloop(["bench", "--help"]), {
      exitCode: 0,
      stdout: /--only <PARTS>[^]*Commands:\n\s+soak/,
    });
    t.match(await xenloop(["bench", "soak", "--help"]), { exitCode: 0, stdout: /-n, --count <N>/ });
    for (const [args, message, hint] of [
      [["bench", "soka"], "too many arguments", "xenloop bench --help"],
      [["bench", "--only", "clone,memroy"], 'no part "memroy"', "xenloop bench --help"],
      [["bench", "--repeat", "0"], "whole number from 1", "xenloop bench --help"],
      [["bench", "soak", "--host", "debian-12x"], 'did you mean "debian-12"', "the hosts are"],
    ] as const) {
      const { exitCode, stdout, stderr } = await xenloop(args);
      t.equal(exitCode, 64, args.join(" "));
      t.equal(stdout, "");
      t.match(stderr, message);
      t.match(stderr, hint);
    }
  },
);
