const MAGIC = 0x1badb002;
/** The addresses are in the header, so the file need not be an ELF one. */
const HAS_ADDRESSES = 0x10000;
const LOAD_ADDRESS = 0x100000;
/** As much as QEMU looks through for the header. */
const BYTES = 8192;

/**
 * A multiboot kernel of zeros, for machines that load a saved state: hypervisor, kernel and
 * initrd are in its memory, and need not be read again. With any multiboot kernel the machine
 * has the same option ROM as the one that was saved. It would do nothing if it were booted.
 */
export function resumeStub(): Buffer {
  const stub = Buffer.alloc(BYTES);
  const end = LOAD_ADDRESS + BYTES;
  const checksum = (-(MAGIC + HAS_ADDRESSES) & 0xffffffff) >>> 0;
  // Magic, flags, checksum, then header, load, load end, bss end, entry.
  const words = [MAGIC, HAS_ADDRESSES, checksum, LOAD_ADDRESS, LOAD_ADDRESS, end, end];
  [...words, LOAD_ADDRESS].forEach((word, index) => stub.writeUInt32LE(word, index * 4));
  return stub;
}
