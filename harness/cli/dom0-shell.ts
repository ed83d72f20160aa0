import { randomUUID } from "node:crypto";
import { PassThrough } from "node:stream";
import { exitCode } from "../events/exit-code.ts";
import type { BootedHost } from "../host/booted-host.ts";
import { EscapeKeys } from "./escape-keys.ts";

const LOGIN_SHELL = ["bash", "-l"];

/**
 * A prompt in dom0, or a command there, over the host's command channel: under emulation the first
 * login by ssh takes longer than all of the host. As with ssh, only a prompt has a terminal there,
 * and `~.` leaves it, also where nobody answers any more.
 */
export async function dom0Shell(host: BootedHost, command: readonly string[]): Promise<number> {
  const { stdin, stdout, stderr } = process;
  const isPrompt = command.length === 0;
  const terminal = isPrompt && stdin.isTTY && stdout.isTTY ? openTerminal(host) : undefined;
  const argv = terminal?.argv ?? (isPrompt ? LOGIN_SHELL : command);
  const left = new AbortController();
  // Not the stream itself: a command that ends destroys its input.
  const input = terminal ? new EscapeKeys(() => left.abort()) : new PassThrough();
  stdin.pipe(input);
  try {
    const ended = await host.converse(argv, {
      ...{ input, cwd: "/root", env: { SHELL: "/bin/bash", ...terminal?.env } },
      sink: stdout,
      onStderr: (chunk) => stderr.write(chunk),
      signal: left.signal,
    });
    return ended.exitCode;
  } catch (error) {
    if (left.signal.aborted) return exitCode("interrupted");
    throw error;
  } finally {
    terminal?.close();
    stdin.unpipe(input);
    stdin.pause();
  }
}

/** A terminal in dom0 that is as large as ours, which passes on each key as it is. */
function openTerminal(host: BootedHost) {
  const { stdin, stdout } = process;
  const name = `/run/xenloop-terminal-${randomUUID()}`;
  const size = () => [`rows ${stdout.rows}`, `columns ${stdout.columns}`].join(" ");
  const resize = () => {
    const script = `stty -F "$(cat ${name})" ${size()}`;
    // A shell that has just ended has no size.
    host.run(["sh", "-c", script], { anyStatus: true }).catch(() => undefined);
  };
  const script = `tty >${name}; stty ${size()}; exec ${LOGIN_SHELL.join(" ")}`;
  stdin.setRawMode(true);
  stdout.on("resize", resize);
  return {
    argv: ["script", "--quiet", "--return", "--flush", "--command", script, "/dev/null"],
    env: { TERM: process.env["TERM"] ?? "dumb" },
    close: () => {
      stdout.off("resize", resize);
      stdin.setRawMode(false);
    },
  };
}
