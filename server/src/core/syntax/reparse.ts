import { type Change, differ } from '../source/change.ts';
import { childIn, type SyntaxNode } from './tree.ts';

/** A text with its tree; `whole` where the parser met no error and had to supply nothing. */
export interface Parsed {
  readonly text: string;
  readonly root: SyntaxNode;
  readonly whole: boolean;
}

/** A statement that stands after the changed ones, so that what ends them (indentation, comments) ends them as before. */
const stop = 'pass\n';

/** What statements of an inner block stand below while they are parsed by themselves. */
const header = 'if a:\n';

/** Statements in a row: the top level of a text, or the inside of a block below a statement of an outer row. */
interface Row {
  readonly holder: SyntaxNode;
  /** The nodes from the root down to the holder, the holder last. */
  readonly path: readonly SyntaxNode[];
  /** The last statement that begins before the change, and the first that begins behind it. */
  readonly first: SyntaxNode | undefined;
  readonly next: SyntaxNode | undefined;
}

/**
 * The tree of a Python text that differs from an earlier one in some statements: those alone are parsed, in the innermost block
 * that has a statement behind them. Nodes before the change are those of the earlier tree, nodes behind it are moved. The tree is
 * the one that parsing the whole text gives; undefined where that is not certain, which is where either text has errors or the
 * changed statements do not stand by themselves.
 */
export function reparse(before: Parsed, text: string, parse: (part: string) => Parsed): Parsed | undefined {
  if (!before.whole) return undefined;
  const change = differ(before.text, text);
  const rows = rowsOf(before, change);
  const [top] = rows;
  const inner = rows.findLast(({ first, next, path }) => path.length > 1 && first && next);
  return (inner && reparseInner(inner, text, change, parse)) ?? (top && reparseTop(before, top, text, change, parse));
}

/** The rows of statements around the change, from the top level inwards. */
function rowsOf(before: Parsed, change: Change): readonly Row[] {
  const rows: Row[] = [];
  let path: readonly SyntaxNode[] = [before.root];
  for (;;) {
    const holder = path.at(-1);
    if (!holder) return rows;
    const anchors = holder.children.filter(
      ({ type, start }) => type !== 'comment' && beginsLine(before.text, start, holder === before.root),
    );
    const first = anchors.findLast(({ start }) => start < change.start);
    // The cases of a `match` are no statements: only what stands inside one of them is.
    const cases = holder.children.some(({ type }) => type === 'case_clause');
    const next = cases ? undefined : anchors.find(({ start }) => start > change.end);
    rows.push({ holder, path, first, next });
    const inner = first && blockAround(first, change, path);
    if (!inner) return rows;
    path = inner;
  }
}

function beginsLine(text: string, start: number, top: boolean): boolean {
  if (top) return start === 0 || text[start - 1] === '\n';
  const line = text.lastIndexOf('\n', start - 1) + 1;
  return /^[ \t]+$/.test(text.slice(line, start));
}

/** The path to the outermost block within a statement that has the change inside. */
function blockAround(
  statement: SyntaxNode,
  { start, end }: Change,
  path: readonly SyntaxNode[],
): readonly SyntaxNode[] | undefined {
  const below = [...path, statement];
  for (let node: SyntaxNode | undefined = statement; node; ) {
    const inner: SyntaxNode | undefined = node.children.find((child) => child.start < start && child.end > end);
    if (inner) below.push(inner);
    if (inner?.type === 'block') return below;
    node = inner;
  }
  return undefined;
}

/** The tree where statements of an inner block have changed and another one of that block follows them. */
function reparseInner(
  { holder, path, first, next }: Row,
  text: string,
  change: Change,
  parse: (part: string) => Parsed,
): Parsed | undefined {
  if (!first || !next) return undefined;
  const start = text.lastIndexOf('\n', first.start - 1) + 1;
  const end = next.start + change.shift;
  const part = parse(header + text.slice(start, end) + stop);
  const [only, ...others] = part.root.children;
  const block = only && childIn(only, 'consequence');
  if (!part.whole || only?.type !== 'if_statement' || others.length > 0 || block?.type !== 'block') return undefined;
  const shift = start - header.length;
  const last = block.children.at(-1);
  if (only.children.at(-1) !== block || last?.type !== 'pass_statement' || last.start + shift !== end) return undefined;
  const row: SyntaxNode = {
    ...holder,
    end: holder.end + change.shift,
    children: [
      ...holder.children.filter((child) => child.start < first.start),
      ...block.children.slice(0, -1).map((child) => move(child, shift)),
      ...holder.children.filter((child) => child.start >= next.start).map((child) => move(child, change.shift)),
    ],
  };
  return { text, root: replaced(path, row, change.shift), whole: true };
}

/** The root with another node at the end of a path; what stands behind it is moved. */
function replaced(path: readonly SyntaxNode[], node: SyntaxNode, shift: number): SyntaxNode {
  let below = node;
  for (let at = path.length - 2; at >= 0; at -= 1) {
    const here = path[at];
    const old = path[at + 1];
    if (!here || !old) break;
    const place = here.children.indexOf(old);
    const children = here.children.map((child, index) =>
      index < place ? child : index === place ? below : move(child, shift),
    );
    below = { ...here, end: here.end + shift, children };
  }
  return below;
}

/** The tree where statements of the top level have changed. */
function reparseTop(
  before: Parsed,
  { first, next }: Row,
  text: string,
  change: Change,
  parse: (part: string) => Parsed,
): Parsed | undefined {
  const start = first?.start ?? 0;
  const end = next ? next.start + change.shift : text.length;
  const part = parse(next ? text.slice(start, end) + stop : text.slice(start));
  if (!part.whole) return undefined;
  const changed = next ? part.root.children.slice(0, -1) : part.root.children;
  const last = part.root.children.at(-1);
  if (next && (last?.type !== 'pass_statement' || last.start !== end - start)) return undefined;
  const old = before.root;
  const root: SyntaxNode = {
    ...old,
    start: first ? old.start : (changed[0]?.start ?? (next ? next.start + change.shift : part.root.start)),
    end: next ? old.end + change.shift : part.root.end + start,
    children: [
      ...(first ? old.children.filter((child) => child.start < start) : []),
      ...changed.map((child) => move(child, start)),
      ...(next ? old.children.filter((child) => child.start >= next.start) : []).map((child) =>
        move(child, change.shift),
      ),
    ],
  };
  return { text, root, whole: true };
}

/** The same node elsewhere; the node itself where it stays. */
function move(node: SyntaxNode, shift: number): SyntaxNode {
  if (shift === 0) return node;
  const children: SyntaxNode[] = [];
  for (const child of node.children) children.push(move(child, shift));
  return {
    type: node.type,
    start: node.start + shift,
    end: node.end + shift,
    field: node.field,
    named: node.named,
    children,
  };
}
