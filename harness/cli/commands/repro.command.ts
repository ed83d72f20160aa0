import { defineCommand } from "../table.ts";
import { RUN_OPTIONS } from "./run.command.ts";

export default defineCommand({
  name: "repro",
  summary: "show a known issue happening on a live host",
  details:
    "Runs the issue's reproducer on a fresh host and holds what it shows against the issue's " +
    "prediction. Exits with 0 where they agree, 1 where they do not, 2 where nothing could be " +
    "seen. --shell opens a shell in the host as it is then, its guests included.",
  group: "Run",
  arguments: [{ name: "ID", description: "such as K05; all with --all", many: true }],
  options: [
    {
      name: "host",
      argument: "NAME",
      type: "list",
      description:
        'hosts of images/hosts/, "all" or "rebuilt"; the configuration\'s defaultHosts otherwise',
      since: "0.1.0",
    },
    { name: "all", description: "every issue that has a reproducer", since: "0.1.0" },
    { name: "shell", description: "look around in the host, its guests left", since: "0.1.0" },
    ...RUN_OPTIONS,
  ],
  examples: [
    ["xenloop repro K05", "on the default host"],
    ["xenloop repro K02 --host debian-12 --shell", "and look around in the host"],
    ["xenloop repro --all --host all", "all that is known, on every host"],
  ],
  since: "0.1.0",
});
