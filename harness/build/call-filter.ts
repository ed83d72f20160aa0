import { ENOSYS, REFUSED_CALLS, type RefusedCall } from "./refused-calls.ts";

/** The only kind of program that runs on builders; `AUDIT_ARCH_X86_64` of `linux/audit.h`. */
const X86_64 = 0xc000_003e;
/** Numbers from here on are those of its variant with short pointers. */
const X32 = 0x4000_0000;

/** Places in `struct seccomp_data`. */
const NUMBER = 0;
const ARCHITECTURE = 4;
const FIRST_ARGUMENT = 16;

const LOAD = 0x20;
const AND = 0x54;
const IS = 0x15;
const IS_AT_LEAST = 0x35;
const RETURN = 0x06;

const ALLOW = 0x7fff_0000;
/** With the number of the error. */
const ERROR = 0x0005_0000;

/** What to do, how many steps to leave out if it is so and if it is not, and with which value. */
type Step = readonly [number, number, number, number];

const STEPS: readonly Step[] = [
  [LOAD, 0, 0, ARCHITECTURE],
  [IS, 1, 0, X86_64],
  refuse(ENOSYS),
  [LOAD, 0, 0, NUMBER],
  [IS_AT_LEAST, 0, 1, X32],
  refuse(ENOSYS),
  ...REFUSED_CALLS.flatMap(stepsOf),
  [RETURN, 0, 0, ALLOW],
];

function refuse(errno: number): Step {
  return [RETURN, 0, 0, ERROR + errno];
}

/** Another call goes on behind them, with its number still loaded. */
function stepsOf({ number, first, errno }: RefusedCall): Step[] {
  if (!first) return [[IS, 0, 1, number], refuse(errno)];
  return [
    [IS, 0, 5, number],
    [LOAD, 0, 0, FIRST_ARGUMENT],
    [AND, 0, 0, first.mask],
    [IS, 0, 1, first.value],
    refuse(errno),
    [RETURN, 0, 0, ALLOW],
  ];
}

/**
 * The refused calls as bubblewrap reads them, an array of `struct sock_filter`. Bubblewrap's own
 * --disable-userns needs a user namespace, in which root would stay the user that it is outside.
 */
export function callFilter(): Buffer {
  const size = 8;
  const filter = Buffer.alloc(STEPS.length * size);
  for (const [index, [code, ifSo, ifNot, value]] of STEPS.entries()) {
    filter.writeUInt16LE(code, index * size);
    filter.writeUInt8(ifSo, index * size + 2);
    filter.writeUInt8(ifNot, index * size + 3);
    filter.writeUInt32LE(value, index * size + 4);
  }
  return filter;
}
