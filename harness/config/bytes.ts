const UNITS: Record<string, number> = { "": 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 };

/** Bytes of a text such as `40GiB`, `512M` or `1.5 GB` (always powers of 1024); undefined when it is none. */
export function parseBytes(text: string): number | undefined {
  const match = /^\s*(\d+(?:\.\d+)?)\s*([KMGT]?)(?:i?B)?\s*$/i.exec(text);
  if (match === null) return undefined;
  return Math.round(Number(match[1]) * UNITS[match[2]!.toUpperCase()]!);
}

/** Bytes in the largest binary unit that keeps a digit before the point: `1.9 GiB`. */
export function formatBytes(bytes: number): string {
  const power = Math.min(4, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  if (power === 0) return `${bytes} B`;
  const value = bytes / 2 ** (10 * power);
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${"KMGT"[power - 1]}iB`;
}
