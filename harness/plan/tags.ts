import { nearest } from "../base/nearest.ts";
import { TagExpressionInvalid, TagUnknown } from "./errors.ts";

/** Whether a scenario with these tags is meant. */
export type TagFilter = (tags: readonly string[]) => boolean;

interface Token {
  text: string;
  /** From 1. */
  column: number;
}

/**
 * Compiles `pv && !slow || (a, b)`: `!` binds tightest, then `&&`, then `||` and its synonym,
 * the comma.
 * @param known every tag that may be named
 * @throws TagExpressionInvalid | TagUnknown
 */
export function parseTags(expression: string, known: readonly string[]): TagFilter {
  const tokens = tokenise(expression);
  let next = 0;
  const fail = (expected: string): never => {
    const column = tokens[next]?.column ?? expression.length + 1;
    throw new TagExpressionInvalid(expression, column, expected);
  };
  const take = (...texts: string[]): boolean => {
    const found = texts.includes(tokens[next]?.text ?? "");
    if (found) next++;
    return found;
  };

  const any = (): TagFilter => {
    const parts = [all()];
    while (take("||", ",")) parts.push(all());
    return (tags) => parts.some((part) => part(tags));
  };
  const all = (): TagFilter => {
    const parts = [one()];
    while (take("&&")) parts.push(one());
    return (tags) => parts.every((part) => part(tags));
  };
  const one = (): TagFilter => {
    if (take("!")) {
      const inner = one();
      return (tags) => !inner(tags);
    }
    if (take("(")) {
      const inner = any();
      return take(")") ? inner : fail('")"');
    }
    const tag = tokens[next]?.text ?? "";
    if (!TAG.test(tag)) return fail("a tag");
    next++;
    if (!known.includes(tag)) throw new TagUnknown(tag, known, nearest(tag, known));
    return (tags) => tags.includes(tag);
  };

  const filter = any();
  return next < tokens.length ? fail('"&&", "||" or the end') : filter;
}

const TAG = /^[\w.:-]+$/;

function tokenise(expression: string): Token[] {
  return [...expression.matchAll(/&&|\|\||[!(),]|[\w.:-]+|\S/g)].map(({ 0: text, index }) => ({
    text,
    column: index + 1,
  }));
}
