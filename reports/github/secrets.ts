/** How credentials look, whoever let them get into a console. */
const LOOKS: readonly RegExp[] = [
  /\bgh[pousr]_[A-Za-z0-9]{16,}\b/g,
  /\bgithub_pat_[A-Za-z0-9_]{20,}\b/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  /(?<=\b(?:authorization|proxy-authorization): (?:basic|bearer|token) )\S+/gi,
  /(?<=:\/\/[^\s:/@]*:)[^\s:/@]+(?=@)/g,
];
const SECRET_NAME = /TOKEN|SECRET|PASSWORD|CREDENTIAL/i;
/** A value shorter than this stands in ordinary text by chance. */
const SHORTEST = 8;
const HIDDEN = "***";
/** No report shows more of one text, and a look may take long on a longer one. */
const LONGEST = 20_000;

/** Whatever is JSON, every text in it without credentials: those of `env`, and what looks like one. */
export function withoutSecrets<T>(value: T, env: Readonly<Record<string, string | undefined>>): T {
  const own = Object.entries(env).flatMap(([name, secret]) =>
    SECRET_NAME.test(name) && secret !== undefined && secret.length >= SHORTEST ? [secret] : [],
  );
  const clean = (text: string) => {
    const without = own.reduce(
      (left, secret) => left.replaceAll(secret, HIDDEN),
      text.slice(0, LONGEST),
    );
    return LOOKS.reduce((left, look) => left.replace(look, HIDDEN), without);
  };
  const walk = (each: unknown): unknown => {
    if (typeof each === "string") return clean(each);
    if (Array.isArray(each)) return each.map(walk);
    if (typeof each !== "object" || each === null) return each;
    return Object.fromEntries(Object.entries(each).map(([key, own]) => [clean(key), walk(own)]));
  };
  return walk(value) as T;
}
