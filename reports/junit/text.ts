import { plainText } from "../text.ts";

/** Text of any origin as XML 1.0 can hold it; what cannot be written is left out. */
export function xmlText(text: string): string {
  return plainText(text).replace(/[\ufffe\uffff]/g, "");
}

/**
 * The same for a CDATA section. The XML builder splits the first `]]>` only, so the
 * others are split here. Illegal characters must be gone before, not after, that.
 */
export function cdataText(text: string): string {
  const [first, ...others] = xmlText(text).split("]]>");
  return others.length === 0 ? first! : `${first}]]>${others.join("]]]]><![CDATA[>")}`;
}
