/** The only kind of program that runs on builders; `AUDIT_ARCH_X86_64` of `linux/audit.h`. */
const X86_64 = 0xc000_003e;
/** Numbers from here on are those of its variant with short pointers. */
const X32 = 0x4000_0000;
const CALLS = { clone: 56, unshare: 272, clone3: 435 };
const CLONE_NEWUSER = 0x1000_0000;

/** Places in `struct seccomp_data`. */
const NUMBER = 0;
const ARCHITECTURE = 4;
const FIRST_ARGUMENT = 16;

const LOAD = 0x20;
const IS = 0x15;
const IS_AT_LEAST = 0x35;
const HAS = 0x45;
const RETURN = 0x06;

const ALLOW = 0x7fff_0000;
const EPERM = 0x0005_0001;
const ENOSYS = 0x0005_0026;

/** What to do, how many steps to leave out if it is so and if it is not, and with which value. */
const STEPS: readonly (readonly [number, number, number, number])[] = [
  [LOAD, 0, 0, ARCHITECTURE],
  [IS, 0, 9, X86_64],
  [LOAD, 0, 0, NUMBER],
  [IS_AT_LEAST, 7, 0, X32],
  // Its flags are in memory, where a filter sees nothing. C libraries do without it.
  [IS, 6, 0, CALLS.clone3],
  [IS, 1, 0, CALLS.unshare],
  [IS, 0, 2, CALLS.clone],
  [LOAD, 0, 0, FIRST_ARGUMENT],
  [HAS, 1, 0, CLONE_NEWUSER],
  [RETURN, 0, 0, ALLOW],
  [RETURN, 0, 0, EPERM],
  [RETURN, 0, 0, ENOSYS],
];

/**
 * A filter of system calls as bubblewrap reads it, `struct sock_filter`, under which nobody makes a
 * user namespace: whoever has one may mount file systems in memory, as large as they like and out
 * of sight. Bubblewrap's own --disable-userns needs a user namespace, in which root would stay the
 * user that it is outside.
 */
export function noUserNamespaces(): Buffer {
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
