import { defineCommand } from "../table.ts";

export default defineCommand({
  name: "completion",
  summary: "print a completion script for a shell",
  group: "Project",
  arguments: [
    {
      name: "SHELL",
      description: "which shell",
      required: true,
      choices: ["bash", "zsh", "fish"],
    },
  ],
  examples: [
    ["source <(xenloop completion bash)", "in ~/.bashrc"],
    ["source <(xenloop completion zsh)", "in ~/.zshrc, after compinit"],
    ["xenloop completion fish > ~/.config/fish/completions/xenloop.fish", "once"],
  ],
  since: "0.1.0",
});
