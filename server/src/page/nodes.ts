/** A piece of a page: an element or text. Plain values, so that one page serves a webview, a file and a test. */
export type Node = Element | string;

export interface Element {
  readonly tag: string;
  readonly attributes: Attributes;
  readonly children: readonly Node[];
}

/** `true` is an attribute without a value; `undefined` is none. Never `style`: a strict policy refuses it. */
export type Attributes = Readonly<Record<string, string | number | true | undefined>>;

type Child = Node | undefined | false | readonly (Node | undefined | false)[];

/** Makes an element; children that are absent are left out. */
export function element(tag: string, attributes: Attributes = {}, ...children: readonly Child[]): Element {
  const flat = children.flat().filter((child): child is Node => child !== undefined && child !== false);
  return { tag, attributes, children: flat };
}

/** Elements that have no end tag. */
const empty = new Set(['meta', 'link', 'br', 'hr', 'img', 'input']);

/** The page as text: HTML, or SVG where the root is one. Everything is escaped. */
export function renderNode(node: Node): string {
  if (typeof node === 'string') return escapeText(node);
  const { tag, attributes, children } = node;
  const head = `<${tag}${renderAttributes(attributes)}>`;
  return empty.has(tag) ? head : `${head}${children.map(renderNode).join('')}</${tag}>`;
}

function renderAttributes(attributes: Attributes): string {
  return Object.entries(attributes)
    .flatMap(([name, value]) => {
      if (value === undefined) return [];
      return value === true ? [` ${name}=""`] : [` ${name}="${escapeText(String(value))}"`];
    })
    .join('');
}

function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
