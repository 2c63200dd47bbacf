import type { SyntaxNode } from './tree.ts';

/** A text with its tree; `whole` where the parser met no error and had to supply nothing. */
export interface Parsed {
  readonly text: string;
  readonly root: SyntaxNode;
  readonly whole: boolean;
}

/** A statement that stands after the changed ones, so that what ends them (indentation, comments) ends them as before. */
const stop = 'pass\n';

/**
 * The tree of a Python text that differs from an earlier one in some statements of its top level: those alone are parsed, the
 * others are copied and moved. The tree is the one that parsing the whole text gives; undefined where that is not certain,
 * which is where either text has errors or the changed statements do not stand by themselves.
 */
export function reparse(before: Parsed, text: string, parse: (part: string) => Parsed): Parsed | undefined {
  if (!before.whole) return undefined;
  const change = differ(before.text, text);
  const anchors = before.root.children.filter(
    ({ type, start }) => type !== 'comment' && (start === 0 || before.text[start - 1] === '\n'),
  );
  const first = anchors.findLast(({ start }) => start < change.start);
  const next = anchors.find(({ start }) => start > change.end);
  const start = first?.start ?? 0;
  const end = next ? next.start + change.shift : text.length;
  const part = parse(next ? text.slice(start, end) + stop : text.slice(start));
  if (!part.whole) return undefined;
  const changed = next ? part.root.children.slice(0, -1) : part.root.children;
  const last = part.root.children.at(-1);
  if (next && (last?.type !== 'pass_statement' || last.start !== end - start)) return undefined;
  const children: SyntaxNode[] = [];
  const old = before.root;
  const root: SyntaxNode = {
    ...old,
    start: first ? old.start : (changed[0]?.start ?? (next ? next.start + change.shift : part.root.start)),
    end: next ? old.end + change.shift : part.root.end + start,
    children,
  };
  for (const child of old.children) if (first && child.start < start) children.push(move(child, 0, root));
  for (const child of changed) children.push(move(child, start, root));
  for (const child of old.children) {
    if (next && child.start >= next.start) children.push(move(child, change.shift, root));
  }
  return { text, root, whole: true };
}

/** The one stretch in which two texts differ, as offsets of the first, and how far all behind it moves. */
function differ(
  before: string,
  after: string,
): { readonly start: number; readonly end: number; readonly shift: number } {
  const limit = Math.min(before.length, after.length);
  let head = 0;
  while (head < limit && before.charCodeAt(head) === after.charCodeAt(head)) head += 1;
  let tail = 0;
  while (
    tail < limit - head &&
    before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail)
  ) {
    tail += 1;
  }
  return { start: head, end: before.length - tail, shift: after.length - before.length };
}

function move(node: SyntaxNode, shift: number, parent: SyntaxNode): SyntaxNode {
  const children: SyntaxNode[] = [];
  const moved: SyntaxNode = {
    type: node.type,
    start: node.start + shift,
    end: node.end + shift,
    field: node.field,
    named: node.named,
    children,
    parent,
  };
  for (const child of node.children) children.push(move(child, shift, moved));
  return moved;
}
