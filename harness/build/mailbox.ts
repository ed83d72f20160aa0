/** One mail that brings a diff, as far as its header tells what it is. */
export interface PatchMail {
  isReply: boolean;
  /** Of `[PATCH 2/5]`. */
  number?: number;
  of?: number;
}

const FIRST_LINE = /^From \S+ .*\d{4}(?: [+-]\d{4})?\r?\n/;
const FIELD = /^[A-Za-z][\w-]*:(?:[ \t]|\r?\n)/;
const NEEDED_FIELD = /^(?:From|Subject):/im;
const SUBJECT = /^Subject:(.*(?:\r?\n[ \t].*)*)/im;

export function isMailbox(text: string): boolean {
  return FIRST_LINE.test(text);
}

/** Whatever field comes first: each mail program and server puts its own before the others. */
export function isMail(text: string): boolean {
  return FIELD.test(text) && NEEDED_FIELD.test(headerOf(text));
}

export function patchMailOf(mail: string): PatchMail {
  const subject = (SUBJECT.exec(headerOf(mail))?.[1] ?? "").replace(/\s+/g, " ").trim();
  const [, number, of] = /\[[^\]]*?(\d+)\/(\d+)\]/.exec(subject) ?? [];
  return {
    isReply: /^(?:Re|Aw):/i.test(subject),
    ...(number !== undefined && of !== undefined && { number: Number(number), of: Number(of) }),
  };
}

function headerOf(mail: string): string {
  return mail.replace(FIRST_LINE, "").split(/\r?\n\r?\n/, 1)[0] ?? "";
}

/**
 * A saved thread is a series as its mails came in: they are put in the order of their numbers, and
 * what somebody proposes in a reply is left out.
 */
export function inSeries<Mail extends { mail: PatchMail }>(mails: readonly Mail[]): Mail[] {
  const own = mails.filter(({ mail }) => !mail.isReply);
  const series = own.length > 0 ? own : [...mails];
  const numbers = new Set(series.map(({ mail }) => mail.number));
  const isOne = series.every(({ mail }) => mail.of !== undefined && mail.of === series[0]?.mail.of);
  if (!isOne || numbers.size < series.length) return series;
  return series.sort((a, b) => (a.mail.number ?? 0) - (b.mail.number ?? 0));
}
