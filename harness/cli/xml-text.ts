/** XML without line breaks of its own, one element a line. */
export function indentedXml(xml: string): string[] {
  let depth = 0;
  return xml
    .replaceAll("><", ">\n<")
    .split("\n")
    .map((line) => {
      if (line.startsWith("</")) depth -= 1;
      const text = "  ".repeat(depth) + line;
      if (!line.includes("</") && !line.endsWith("/>")) depth += 1;
      return text;
    });
}
