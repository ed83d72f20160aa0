import { DOMImplementation, XMLSerializer, type Document, type Element } from "@xmldom/xmldom";

/** An element to be: name, attributes, children. Undefined children are left out. */
export interface XmlNode {
  name: string;
  attributes: Readonly<Record<string, string | number>>;
  children: readonly (XmlNode | string | undefined)[];
}

export function xml(
  name: string,
  attributes: Readonly<Record<string, string | number>> = {},
  ...children: readonly (XmlNode | string | undefined)[]
): XmlNode {
  return { name, attributes, children };
}

/** Text of a document, with everything escaped that needs it. */
export function renderXml(node: XmlNode): string {
  const document = new DOMImplementation().createDocument(null, node.name);
  const root = document.documentElement;
  if (!root) throw new TypeError("a new document has its root element");
  fill(document, root, node);
  return new XMLSerializer().serializeToString(document);
}

function fill(document: Document, element: Element, node: XmlNode): void {
  for (const [name, value] of Object.entries(node.attributes)) {
    element.setAttribute(name, String(value));
  }
  for (const child of node.children) {
    if (child === undefined) continue;
    if (typeof child === "string") {
      element.appendChild(document.createTextNode(child));
    } else {
      const inner = document.createElement(child.name);
      fill(document, inner, child);
      element.appendChild(inner);
    }
  }
}
