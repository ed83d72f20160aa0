import { GUEST_TYPES, type ScenarioMeta } from "../spec/scenario-meta.ts";
import { isAxis, isAxisValue, isName } from "./cell.ts";
import { ScenarioInvalid, VersionRangeInvalid } from "./errors.ts";
import { parseVersionRange } from "./version-range.ts";

/**
 * Completes and checks what a scenario file exports; type checking never saw a user's own file.
 * @param meta the `meta` of the file's default export
 * @param id the file's name without `.ts`
 * @throws ScenarioInvalid with every mistake
 */
export function checkMeta(meta: unknown, id: string, file: string): ScenarioMeta {
  if (typeof meta !== "object" || meta === null) {
    throw new ScenarioInvalid(file, "its default export is not what scenario(meta, body) returns");
  }
  const { tags = [], needs = {}, axes = {}, ...rest } = meta as Partial<ScenarioMeta>;
  const checked = { ...rest, id, tags, needs, axes } as ScenarioMeta;
  const wrong = [...mistakes(checked)];
  if (wrong.length > 0) throw new ScenarioInvalid(file, wrong.join("; "));
  return checked;
}

function* mistakes(meta: ScenarioMeta): Generator<string> {
  const { id, title, tags, needs, deadline, axes, dom0, predicted = [] } = meta;
  if (!isName(id)) yield `"${id}" cannot be a name: use letters, digits, "-", "." and "_"`;
  if (typeof title !== "string" || title.trim() === "") yield "title must say what it shows";
  if (!(deadline > 0)) yield "deadline must be seconds above 0";
  const words: unknown = tags;
  if (!Array.isArray(words) || !words.every((tag) => /^[\w.:-]+$/.test(String(tag)))) {
    yield 'tags must be a list of words of letters, digits, "-", "." and ":"';
  }
  for (const [axis, values] of Object.entries(axes)) {
    if (!isAxis(axis)) yield `the axis "${axis}" must be a word that starts with a letter`;
    const usable = Array.isArray(values) && values.length > 0 && values.every(isAxisValue);
    if (!usable) yield `the axis "${axis}" must list values that fit into a cell's name`;
  }
  for (const value of Object.keys(dom0 ?? {})) {
    if (!axes["dom0"]?.includes(value)) yield `dom0 has "${value}", which is no value of its axis`;
  }
  yield* wrongGuestTypes(meta);
  if (needs.hosts !== undefined && ![1, 2].includes(needs.hosts)) {
    yield "needs.hosts must be 1 or 2";
  }
  yield* wrongRanges(needs, "needs");
  for (const prediction of predicted) {
    yield* wrongRanges(prediction, "predicted");
    for (const [axis, value] of Object.entries(prediction.axes ?? {})) {
      if (!axes[axis]?.includes(value)) yield `predicted names ${axis}=${value}, which is no cell`;
    }
  }
}

function* wrongGuestTypes({ needs, axes }: ScenarioMeta): Generator<string> {
  const { guestTypes = [], guestTypeOf = {} } = needs;
  for (const type of guestTypes) {
    if (!GUEST_TYPES.includes(type))
      yield `needs.guestTypes knows ${GUEST_TYPES.join(", ")}, not "${type}"`;
  }
  for (const [axis, types] of Object.entries(guestTypeOf)) {
    for (const [value, type] of Object.entries(types)) {
      const named = `needs.guestTypeOf names ${axis}=${value}`;
      if (!axes[axis]?.includes(value)) yield `${named}, which is no cell`;
      if (!guestTypes.includes(type)) yield `${named} with "${type}", none of needs.guestTypes`;
    }
  }
}

function* wrongRanges(
  ranges: Pick<ScenarioMeta["needs"], "xen" | "libvirt">,
  where: string,
): Generator<string> {
  for (const what of ["xen", "libvirt"] as const) {
    try {
      if (ranges[what] !== undefined) parseVersionRange(ranges[what]);
    } catch (error) {
      if (!(error instanceof VersionRangeInvalid)) throw error;
      yield `${where}.${what}: ${error.message}`;
    }
  }
}
