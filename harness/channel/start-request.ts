import { InvalidCommand } from "./errors.ts";
import type { ExecOptions } from "./transport.ts";

/** Throws `InvalidCommand` for what no exec call could take. */
export function checkCommand(argv: readonly string[], { env, cwd }: ExecOptions): void {
  if (argv[0] === undefined || argv[0] === "") {
    throw new InvalidCommand("The argv names no program");
  }
  const names = Object.keys(env ?? {});
  const bad = names.find((name) => name === "" || name.includes("="));
  if (bad !== undefined) throw new InvalidCommand(`"${bad}" is no name for a variable`);
  const strings = [...argv, ...names, ...Object.values(env ?? {}), cwd ?? ""];
  const withNul = strings.find((text) => text.includes("\0"));
  if (withNul !== undefined) {
    throw new InvalidCommand(`An argument holds a NUL byte: ${JSON.stringify(withNul)}`);
  }
}

/** Payload of `start`: two counts, then cwd, argv and env as NUL-terminated strings. */
export function encodeStart(argv: readonly string[], { env, cwd }: ExecOptions): Buffer {
  const pairs = Object.entries(env ?? {}).map(([name, value]) => `${name}=${value}`);
  const counts = Buffer.allocUnsafe(8);
  counts.writeUInt32BE(argv.length, 0);
  counts.writeUInt32BE(pairs.length, 4);
  const strings = [cwd ?? "", ...argv, ...pairs].map((text) => `${text}\0`).join("");
  return Buffer.concat([counts, Buffer.from(strings)]);
}
