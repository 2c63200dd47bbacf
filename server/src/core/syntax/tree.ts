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
  readonly parent: SyntaxNode | undefined;
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

function copyFrom(cursor: TreeCursor): SyntaxNode {
  const root = draft(cursor, undefined, true);
  let parent = root;
  let depth = 1;
  if (!cursor.gotoFirstChild()) return root;
  for (;;) {
    const named = cursor.nodeIsNamed;
    const kept = named || cursor.currentFieldName !== null || isOperator(cursor.nodeType);
    const node = kept ? draft(cursor, parent, named) : undefined;
    if (node) parent.children.push(node);
    if (node && named && depth < maximumDepth && cursor.gotoFirstChild()) {
      parent = node;
      depth += 1;
      continue;
    }
    while (!cursor.gotoNextSibling()) {
      if (!parent.parent || !cursor.gotoParent()) return root;
      parent = parent.parent as Draft;
      depth -= 1;
    }
  }
}

function draft(cursor: TreeCursor, parent: Draft | undefined, named: boolean): Draft {
  return {
    type: cursor.nodeType,
    start: cursor.startIndex,
    end: cursor.endIndex,
    field: cursor.currentFieldName ?? undefined,
    named,
    children: [],
    parent,
  };
}

function isOperator(type: string): boolean {
  return type !== '=' && /^[-+*/%@<>=!&|^~]+$|^(and|or|not|in|is|not in|is not|async)$/.test(type);
}

/** The child in a field, the first where there are several. */
export function childIn(node: SyntaxNode, field: string): SyntaxNode | undefined {
  return node.children.find((child) => child.field === field);
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
