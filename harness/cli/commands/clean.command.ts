import { defineCommand } from "../table.ts";

export default defineCommand({
  name: "clean",
  summary: "free disk space, without touching what is in use",
  details:
    "Always removes what killed runs left behind: half-built images, work directories, and the " +
    "machines of these. Without an option for what else, templates go too: they are large, and " +
    "the next run makes them again in a minute. Results and downloads go only when named.",
  group: "Hosts and images",
  options: [
    {
      name: "dry-run",
      short: "n",
      description: "say what would go, and remove nothing",
      since: "0.1.0",
    },
    { name: "runs", description: "the results of all runs", since: "0.1.0" },
    {
      name: "images",
      description: "host images, root file systems, templates, and builds of unpatched sources",
      since: "0.1.0",
    },
    { name: "templates", description: "booted hosts that clones are made of", since: "0.1.0" },
    { name: "packages", description: "downloaded Debian packages", since: "0.1.0" },
    { name: "all", description: "all of these", since: "0.1.0" },
  ],
  examples: [
    ["xenloop clean --dry-run --all", "what everything takes"],
    ["xenloop image prune", "only what is over the budget"],
  ],
  since: "0.1.0",
});
