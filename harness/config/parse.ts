import { LineCounter, isMap, isPair, isScalar, parseDocument, type Document } from "yaml";
import { nearest } from "../base/nearest.ts";
import { messageOf } from "../base/error.ts";
import { ConfigInvalid, type ConfigProblem } from "./errors.ts";
import { configJsonSchema, configSchema, type JsonSchema, type UserConfig } from "./schema.ts";

type Path = readonly PropertyKey[];

export interface ParsedConfig {
  values: UserConfig;
  /** `file:line:column` of the key at `path`, or of the nearest thing above it. */
  where(path: Path): string;
}

/**
 * Checks the text of a configuration file.
 * @param name how messages call the file, usually relative to the working directory
 * @throws ConfigInvalid with every mistake of the file
 */
export function parseConfig(text: string, name: string): ParsedConfig {
  const lines = new LineCounter();
  const document = parseDocument(text.replace(/^\uFEFF/, ""), {
    lineCounter: lines,
    prettyErrors: false,
  });
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${name}:${line || 1}:${col || 1}`;
  };
  const where = (path: Path): string => at(offsetOf(document, path));

  if (document.errors.length > 0) {
    throw new ConfigInvalid(
      document.errors.map(({ code, pos, message }) => ({
        where: at(pos[0]),
        // The parser's own words for this one are for programmers.
        what: code === "MULTIPLE_DOCS" ? "a second document begins here" : sentence(message),
      })),
      `correct the YAML of ${name}`,
    );
  }
  const { success, data, error } = configSchema.safeParse(plainValue(document, at) ?? {}, {
    reportInput: true,
  });
  if (!success) throw new ConfigInvalid(error.issues.flatMap((issue) => problems(issue, where)));
  return { values: data, where };
}

function plainValue(document: Document, at: (offset: number) => string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    // Only aliases are resolved this late: one that names nothing, or a bomb of them.
    throw new ConfigInvalid([{ where: at(0), what: messageOf(error) }]);
  }
}

type Issue = NonNullable<ReturnType<typeof configSchema.safeParse>["error"]>["issues"][number];

function problems(issue: Issue, where: (path: Path) => string): ConfigProblem[] {
  if (issue.code !== "unrecognized_keys") {
    const what = issue.path.length === 0 ? "the file must be a map of settings" : explain(issue);
    return [{ where: where(issue.path), what }];
  }
  return issue.keys.map((key) => ({
    where: where([...issue.path, key]),
    what: `${dotted([...issue.path, key])}: unknown key${suggestion(issue.path, key)}`,
  }));
}

function explain(issue: Issue): string {
  const expected =
    issue.code === "invalid_value"
      ? `must be one of ${issue.values.map(String).join(", ")}${guess(nearest(String(issue.input), issue.values.map(String)))}`
      : issue.message.replace(/^Invalid input: /, "").replace(/^Too (small|big): /, "");
  return `${dotted(issue.path)}: ${expected}`;
}

/** The nearest key of the same map, or the place where a key of exactly this name belongs. */
function suggestion(path: Path, key: string): string {
  const schema = configJsonSchema();
  const here = path.reduce<JsonSchema | undefined>(child, schema);
  const sibling = nearest(key, Object.keys(here?.properties ?? {}));
  if (sibling !== undefined) return guess(dotted([...path, sibling]));
  return guess(placesOf(here ?? {}, key, path)[0] ?? placesOf(schema, key, [])[0]);
}

function placesOf(schema: JsonSchema, key: string, prefix: Path): string[] {
  const named = Object.entries(schema.properties ?? {});
  const further = schema.additionalProperties;
  const children: [string, JsonSchema][] =
    typeof further === "object" ? [...named, ["NAME", further]] : named;
  return children.flatMap(([name, inner]) => [
    ...(name === key ? [dotted([...prefix, name])] : []),
    ...placesOf(inner, key, [...prefix, name]),
  ]);
}

function child(schema: JsonSchema | undefined, key: PropertyKey): JsonSchema | undefined {
  const further = schema?.additionalProperties;
  return schema?.properties?.[String(key)] ?? (typeof further === "object" ? further : undefined);
}

function guess(word: string | undefined): string {
  return word === undefined ? "" : `; did you mean "${word}"?`;
}

function dotted(path: Path): string {
  return path
    .map((key, i) => (typeof key === "number" ? `[${key}]` : `${i > 0 ? "." : ""}${String(key)}`))
    .join("");
}

function sentence(message: string): string {
  return message.replace(/\n[^]*/, "").replace(/[.:]$/, "");
}

/** Offset of the key at `path`; where the path leaves the document, of the last part that exists. */
function offsetOf(document: Document, path: Path): number {
  let node: unknown = document.contents;
  let offset = rangeStart(node);
  for (const key of path) {
    const pair = isMap(node)
      ? node.items.find((item) => isPair(item) && keyText(item.key) === String(key))
      : undefined;
    const next =
      pair === undefined ? (node as { items?: unknown[] })?.items?.[Number(key)] : pair.value;
    if (pair === undefined && next === undefined) break;
    offset = rangeStart(pair === undefined ? next : pair.key);
    node = next;
  }
  return offset;
}

function keyText(key: unknown): string {
  return isScalar(key) ? String(key.value) : String(key);
}

function rangeStart(node: unknown): number {
  return (node as { range?: [number, number, number] } | null)?.range?.[0] ?? 0;
}
