const PLAIN = /^[A-Za-z0-9_\-./:@%+,]+$/;

/**
 * One argument, or an argv, as words of a POSIX shell (dash, busybox and bash alike). NUL bytes
 * cannot be quoted: no argument can hold them.
 */
export function shq(words: string | readonly string[]): string {
  return typeof words === "string" ? quote(words) : words.map(quote).join(" ");
}

function quote(word: string): string {
  return PLAIN.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
