import { COMPARED } from "../../bench/parts.ts";
import { ACCEL_OPTION, YES_OPTION } from "../fresh-host-options.ts";
import { defineCommand, defineOptions } from "../table.ts";

/** Options of bench and of its soak. */
const BENCH_OPTIONS = defineOptions([
  {
    name: "host",
    argument: "NAME",
    type: "text",
    description: "host of images/hosts/; the first of the configuration's defaultHosts otherwise",
    since: "0.1.0",
  },
  ...ACCEL_OPTION,
  { name: "json", description: "print JSON", since: "0.1.0" },
  ...YES_OPTION,
]);

export default defineCommand({
  name: "bench",
  summary: "measure boots, clones, the command channel and memory on this machine",
  details:
    "Parts: clone, latency, memory, pair, lean, untuned, template, scenarios. Ratios come first: they " +
    "hold on other machines, seconds do not. A bar that is not kept is marked and changes no exit " +
    "code, because a busy machine breaks any of them. The untuned boot is of the same packages " +
    "as Debian starts them: its own initramfs, every unit, and neither machine nor command lines " +
    "made faster; its image is built when first needed. Private memory is what a clone has written.",
  group: "Look",
  options: [
    ...BENCH_OPTIONS,
    {
      name: "repeat",
      argument: "N",
      type: "number",
      default: 5,
      description: "repetitions of each part",
      since: "0.1.0",
    },
    {
      name: "only",
      argument: "PARTS",
      type: "list",
      description: "parts to measure; all unless told",
      since: "0.1.0",
    },
    {
      name: "compare",
      argument: "WITH",
      type: "text",
      choices: COMPARED,
      description: "how long another way to such a host takes, beside a clone; needs Vagrant",
      since: "0.1.0",
    },
  ],
  subcommands: [
    {
      name: "soak",
      summary: "start clones one after the other and see that all are right and nothing piles up",
      details:
        "Each clone answers `virsh list`; every tenth starts a PV guest. Exits 1 when a clone is " +
        "not right, or when memory, open files or processes of this program grow.",
      options: [
        ...BENCH_OPTIONS,
        {
          name: "count",
          short: "n",
          argument: "N",
          type: "number",
          default: 200,
          description: "clones in all",
          since: "0.1.0",
        },
        {
          name: "parallel",
          argument: "N",
          type: "number",
          default: 1,
          description: "clones at once",
          since: "0.1.0",
        },
      ],
      examples: [["xenloop bench soak -n 200 --parallel 6", "six clones at any time"]],
      since: "0.1.0",
    },
  ],
  examples: [
    ["xenloop bench", "everything, half an hour under emulation"],
    ["xenloop bench --compare vagrant --repeat 3", "what a user would have without xenloop"],
    ["xenloop bench --only clone,latency,memory --repeat 1", "the quick parts"],
  ],
  since: "0.1.0",
});
