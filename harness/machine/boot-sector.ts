import { open } from "node:fs/promises";

/** SeaBIOS wants at least one whole cylinder; the rest of the disk is a hole. */
const DISK_BYTES = 1024 * 1024;
const SECTOR_BYTES = 512;

/** What the program writes to port 0xf4; isa-debug-exit makes QEMU exit with 2n + 1. */
const DONE = 0x2a;
export const PROBE_EXIT_CODE = 2 * DONE + 1;

const GREETING = "xenloop sector ";

/**
 * A boot sector that proves an accelerator runs guest code, and measures how fast. It prints
 * the greeting to COM1, `s`, `v` or `-` for what CPUID says of SVM and VMX, then the number of
 * rounds of work (256 additions to memory with a call each) done in 9 BIOS ticks (494 ms), so
 * that it takes the same time on any machine and needs working interrupts.
 * Machine code at 0000:7c00 beside its assembly; the stack lies a page below, for TCG is
 * slow to write to a page it has translated code from.
 */
const PROGRAM: readonly (readonly [code: string, assembly: string])[] = [
  ["31 c0", "xor ax, ax"],
  ["8e d8", "mov ds, ax"],
  ["8e c0", "mov es, ax"],
  ["8e d0", "mov ss, ax"],
  ["bc 00 70", "mov sp, 0x7000"],
  ["fc", "cld"],
  ["fb", "sti"],
  ["be a3 7c", "mov si, greeting"],
  ["ac", "greet: lodsb"],
  ["84 c0", "test al, al"],
  ["74 05", "jz virt"],
  ["e8 7a 00", "call putc"],
  ["eb f6", "jmp greet"],
  ["66 b8 01 00 00 80", "virt: mov eax, 0x80000001"],
  ["0f a2", "cpuid"],
  ["b0 73", "mov al, 's'"],
  ["f6 c1 04", "test cl, 1 << 2 (SVM)"],
  ["75 11", "jnz report"],
  ["66 b8 01 00 00 00", "mov eax, 1"],
  ["0f a2", "cpuid"],
  ["b0 76", "mov al, 'v'"],
  ["f6 c1 20", "test cl, 1 << 5 (VMX)"],
  ["75 02", "jnz report"],
  ["b0 2d", "mov al, '-'"],
  ["e8 55 00", "report: call putc"],
  ["b0 20", "mov al, ' '"],
  ["e8 50 00", "call putc"],
  ["8b 1e 6c 04", "mov bx, [0x46c] (the BIOS counts ticks there)"],
  ["3b 1e 6c 04", "edge: cmp bx, [0x46c]"],
  ["74 fa", "je edge"],
  ["83 c3 09", "add bx, 9"],
  ["66 31 ed", "xor ebp, ebp"],
  ["bf 00 80", "round: mov di, 0x8000"],
  ["b9 00 01", "mov cx, 256"],
  ["01 0d", "cell: add [di], cx"],
  ["8b 05", "mov ax, [di]"],
  ["e8 30 00", "call leaf"],
  ["83 c7 02", "add di, 2"],
  ["e2 f4", "loop cell"],
  ["66 45", "inc ebp"],
  ["8b 16 6c 04", "mov dx, [0x46c]"],
  ["29 da", "sub dx, bx"],
  ["78 e4", "js round"],
  ["b9 08 00", "mov cx, 8"],
  ["66 c1 c5 04", "digit: rol ebp, 4"],
  ["89 e8", "mov ax, bp"],
  ["24 0f", "and al, 15"],
  ["3c 0a", "cmp al, 10"],
  ["1c 69", "sbb al, 0x69"],
  ["2f", "das"],
  ["e8 11 00", "call putc"],
  ["e2 ee", "loop digit"],
  ["b0 0a", "mov al, '\\n'"],
  ["e8 0a 00", "call putc"],
  ["b0 2a", "mov al, DONE"],
  ["e6 f4", "out 0xf4, al"],
  ["f4", "halt: hlt"],
  ["eb fd", "jmp halt"],
  ["31 f8", "leaf: xor ax, di"],
  ["c3", "ret"],
  ["88 c4", "putc: mov ah, al"],
  ["ba fd 03", "mov dx, 0x3fd"],
  ["ec", "wait: in al, dx"],
  ["a8 20", "test al, 1 << 5 (room to send)"],
  ["74 fb", "jz wait"],
  ["88 e0", "mov al, ah"],
  ["ba f8 03", "mov dx, 0x3f8"],
  ["ee", "out dx, al"],
  ["c3", "ret"],
];

export const PROBE_PROGRAM: Uint8Array = Buffer.concat([
  assemble(PROGRAM),
  Buffer.from(`${GREETING}\0`),
]);

export interface ProbeOutput {
  /** The hardware virtualisation the guest's CPUID shows. */
  virt: "svm" | "vmx" | undefined;
  rounds: number;
}

/** Finds the sector's report in what came from COM1; undefined when it is not complete. */
export function parseProbeOutput(text: string): ProbeOutput | undefined {
  const report = new RegExp(`${GREETING}([sv-]) ([0-9A-F]{8})\n`).exec(text);
  if (report === null) return undefined;
  const virt = report[1] === "s" ? "svm" : report[1] === "v" ? "vmx" : undefined;
  return { virt, rounds: Number.parseInt(report[2] ?? "0", 16) };
}

export function assemble(lines: readonly (readonly [code: string, assembly: string])[]): Buffer {
  return Buffer.from(lines.map(([code]) => code.replaceAll(" ", "")).join(""), "hex");
}

/** Writes a raw disk whose first sector is the program. */
export async function writeBootDisk(path: string, program: Uint8Array): Promise<void> {
  const sector = Buffer.alloc(SECTOR_BYTES);
  sector.set(program);
  sector.writeUInt16LE(0xaa55, SECTOR_BYTES - 2);
  const file = await open(path, "w");
  try {
    await file.write(sector);
    await file.truncate(DISK_BYTES);
  } finally {
    await file.close();
  }
}
