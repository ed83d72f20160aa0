export type QoptValue = string | number | boolean | undefined;

/**
 * One QEMU option value: `head,key=value,…`, with the commas inside values doubled as QEMU's
 * option parser wants them. Booleans become on and off; undefined keys are left out.
 */
export function qopt(head: string, values: Readonly<Record<string, QoptValue>> = {}): string {
  const words = Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}=${typeof value === "boolean" ? onOff(value) : qescape(value)}`);
  return [head, ...words].join(",");
}

export function qescape(value: QoptValue): string {
  return String(value).replaceAll(",", ",,");
}

function onOff(value: boolean): string {
  return value ? "on" : "off";
}
