import type { Tree, TreeCursor } from 'web-tree-sitter';

/**
 * A node of a parsed text, copied out of tree-sitter's memory: plain, lasting, safe to keep.
 * Named nodes and operator tokens are kept, punctuation is not. Offsets are UTF-16 units of the parsed text.
 */
export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  /** The field of the parent that this node fills ("left", "body"). */
  readonly field: string | undefined;
  readonly named: boolean;
  readonly children: readonly SyntaxNode[];
}

interface Draft extends SyntaxNode {
  readonly children: Draft[];
}

/** Deeper nesting is cut off: no reader needs it, and hostile text must not exhaust the stack. */
const maximumDepth = 400;

/** Copies a whole tree in one pass with a cursor (three times faster than walking nodes). The caller frees the tree. */
export function copyTree(tree: Tree): SyntaxNode {
  const cursor = tree.walk();
  try {
    return copyFrom(cursor);
  } finally {
    cursor.delete();
  }
}

/** What a type of node means for the copy, looked up once a type: a call into the parser costs more than the rest of a node. */
interface TypeInfo {
  readonly type: string;
  readonly named: boolean;
  readonly operator: boolean;
  /** Never has children, in any grammar. */
  readonly leaf: boolean;
}

const leafTypes = new Set(['identifier', 'integer', 'float', 'comment', 'string_start', 'string_end']);

function copyFrom(cursor: TreeCursor): SyntaxNode {
  const infos = new Map<number, TypeInfo>();
  const infoOf = (id: number): TypeInfo => {
    const known = infos.get(id);
    if (known) return known;
    const { nodeType: type, nodeIsNamed: named } = cursor;
    const info = { type, named, operator: isOperator(type), leaf: leafTypes.has(type) };
    infos.set(id, info);
    return info;
  };
  const root = draft(cursor, cursor.nodeType, undefined, true);
  let parent = root;
  const around: Draft[] = [];
  if (!cursor.gotoFirstChild()) return root;
  for (;;) {
    const { type, named, operator, leaf } = infoOf(cursor.nodeTypeId);
    const field = cursor.currentFieldName ?? undefined;
    if (named || operator || field !== undefined) {
      const node = draft(cursor, type, field, named);
      parent.children.push(node);
      if (named && !leaf && around.length < maximumDepth - 1 && cursor.gotoFirstChild()) {
        around.push(parent);
        parent = node;
        continue;
      }
    }
    while (!cursor.gotoNextSibling()) {
      const outer = around.pop();
      if (!outer || !cursor.gotoParent()) return root;
      parent = outer;
    }
  }
}

function draft(cursor: TreeCursor, type: string, field: string | undefined, named: boolean): Draft {
  return { type, start: cursor.startIndex, end: cursor.endIndex, field, named, children: [] };
}

function isOperator(type: string): boolean {
  return type !== '=' && /^[-+*/%@<>=!&|^~]+$|^(and|or|not|in|is|not in|is not|async)$/.test(type);
}

/** The child in a field, the first where there are several. */
export function childIn(node: SyntaxNode, field: string): SyntaxNode | undefined {
  for (const child of node.children) if (child.field === field) return child;
  return undefined;
}

/** All children in a field. */
export function childrenIn(node: SyntaxNode, field: string): readonly SyntaxNode[] {
  return node.children.filter((child) => child.field === field);
}

/** Every node below (and with) this one in text order; `enter` answering false leaves a subtree out. */
export function visit(node: SyntaxNode, enter: (node: SyntaxNode) => boolean | undefined): void {
  if (enter(node) === false) return;
  for (const child of node.children) visit(child, enter);
}
