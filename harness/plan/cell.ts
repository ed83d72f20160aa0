import { CellIdInvalid } from "./errors.ts";

/** One scenario on one host, at one value of each of its axes. */
export interface CellAddress {
  scenario: string;
  host: string;
  axes: Record<string, string>;
}

const NAME = /^[A-Za-z0-9][\w.+-]*$/;
const AXIS = /^[A-Za-z][\w-]*$/;
const VALUE = /^[\w.+:/@-]+$/;

/** `scenario[host]` or `scenario[host,axis=value]`, the one name of a cell everywhere. */
export function formatCellId({ scenario, host, axes }: CellAddress): string {
  const settings = Object.entries(axes).map(([axis, value]) => `${axis}=${value}`);
  return `${scenario}[${[host, ...settings].join(",")}]`;
}

/** @throws CellIdInvalid */
export function parseCellId(id: string): CellAddress {
  const match = /^([^[\]]+)\[([^[\]]+)\]$/.exec(id);
  const [, scenario = "", inside = ""] = match ?? [];
  const [host = "", ...settings] = inside.split(",");
  const pairs = settings.map((setting) => splitOnce(setting, "="));
  const address = { scenario, host, axes: Object.fromEntries(pairs) };
  const repeated = new Set(pairs.map(([axis]) => axis)).size < pairs.length;
  if (repeated || !isCellAddress(address)) throw new CellIdInvalid(id);
  return address;
}

/** Whether every part is made of the characters that ids allow. */
export function isCellAddress({ scenario, host, axes }: CellAddress): boolean {
  return (
    NAME.test(scenario) &&
    NAME.test(host) &&
    Object.entries(axes).every(([axis, value]) => AXIS.test(axis) && VALUE.test(value))
  );
}

/** Same cell, whatever the order of the axes. */
export function sameCell(a: CellAddress, b: CellAddress): boolean {
  const sorted = (cell: CellAddress) =>
    formatCellId({ ...cell, axes: Object.fromEntries(Object.entries(cell.axes).sort()) });
  return sorted(a) === sorted(b);
}

export const isName = (text: string): boolean => NAME.test(text);
export const isAxis = (text: string): boolean => AXIS.test(text);
export const isAxisValue = (text: string): boolean => VALUE.test(text);

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, ""] : [text.slice(0, at), text.slice(at + separator.length)];
}
