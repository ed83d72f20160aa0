/** ELF64, little-endian, as elf(5) has it: offsets in the file's header, and sizes. */
const PROGRAM_HEADERS_AT = 0x20;
const PROGRAM_HEADER_BYTES = 0x36;
const PROGRAM_HEADER_COUNT = 0x38;
const GNU_STACK = 0x6474e551;
const READ_AND_WRITE = 6;
const STACK_ALIGNMENT = 16;
const PAGE = 4096;

/**
 * The same library, which says that its stack need not be executable. tcc leaves that out, and
 * glibc 2.41 and newer does not load at run time what does not say it. The table of its segments
 * moves behind the file's end, where there is room for one more, and to a page that no segment is
 * loaded from: glibc copies it then, and else would take what it has zeroed for the table.
 * @param library as it was linked
 */
export function withPlainStack(library: Buffer): Buffer {
  const start = Number(library.readBigUInt64LE(PROGRAM_HEADERS_AT));
  const bytes = library.readUInt16LE(PROGRAM_HEADER_BYTES);
  const count = library.readUInt16LE(PROGRAM_HEADER_COUNT);
  const stack = Buffer.alloc(bytes);
  stack.writeUInt32LE(GNU_STACK, 0);
  stack.writeUInt32LE(READ_AND_WRITE, 4);
  stack.writeBigUInt64LE(BigInt(STACK_ALIGNMENT), 48);
  const gap = Buffer.alloc((PAGE - (library.length % PAGE)) % PAGE);
  const table = library.subarray(start, start + count * bytes);
  const made = Buffer.concat([library, gap, table, stack]);
  made.writeBigUInt64LE(BigInt(library.length + gap.length), PROGRAM_HEADERS_AT);
  made.writeUInt16LE(count + 1, PROGRAM_HEADER_COUNT);
  return made;
}
