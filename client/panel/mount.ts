import type { Element as PageElement, Node as PageNode } from '../../server/src/page/nodes.ts';

const svg = 'http://www.w3.org/2000/svg';

/** Makes the nodes of the document; nothing is ever parsed from text. */
export function mount(node: PageNode, namespace?: string): Node {
  if (typeof node === 'string') return document.createTextNode(node);
  return mountElement(node, namespace);
}

/** An element with all below it. */
export function mountElement({ tag, attributes, children }: PageElement, namespace?: string): Element {
  const own = tag === 'svg' ? svg : namespace;
  const made = own ? document.createElementNS(own, tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && name !== 'xmlns') made.setAttribute(name, value === true ? '' : String(value));
  }
  made.append(...children.map((child) => mount(child, own)));
  return made;
}
