const EPERM = 1;
export const ENOSYS = 38;

const CLONE_NEWUSER = 0x1000_0000;
const NEW_USER = { mask: CLONE_NEWUSER, value: CLONE_NEWUSER };
const AF_VSOCK = 40;
/** What the kernel takes of an argument that is an `int`. */
const INT = 0xffff_ffff;

export interface RefusedCall {
  name: string;
  /** On x86-64. */
  number: number;
  /** Only if these bits of its first argument are that. */
  first?: { mask: number; value: number };
  errno: number;
}

/**
 * System calls that no build may make, in either kind of sandbox. ENOSYS is for those that programs
 * do without where a kernel lacks them; EPERM, which the report tells of, is for attempts.
 */
export const REFUSED_CALLS: readonly RefusedCall[] = [
  // Memory and files that stay although nobody has them mapped or open.
  { name: "shmget", number: 29, errno: ENOSYS },
  { name: "io_uring_setup", number: 425, errno: ENOSYS },
  // Whoever has a user namespace may mount file systems in memory, as large as they like and out of
  // sight.
  { name: "clone", number: 56, first: NEW_USER, errno: EPERM },
  { name: "unshare", number: 272, first: NEW_USER, errno: EPERM },
  // Its flags are in memory, where a filter sees nothing. C libraries do without it.
  { name: "clone3", number: 435, errno: ENOSYS },
  // Keys are a user's and a session's, also those of whoever starts the build.
  { name: "add_key", number: 248, errno: ENOSYS },
  { name: "request_key", number: 249, errno: ENOSYS },
  { name: "keyctl", number: 250, errno: ENOSYS },
  // Between virtual machines and their host, past the namespaces of networks.
  { name: "socket", number: 41, first: { mask: INT, value: AF_VSOCK }, errno: EPERM },
];
