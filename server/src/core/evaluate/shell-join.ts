import type { SyntaxNode } from '../syntax/tree.ts';

/** Puts words back together that the grammar cuts where no space is (`ds_$1.json`). */
export function whole(children: readonly SyntaxNode[]): readonly SyntaxNode[] {
  const words: SyntaxNode[] = [];
  for (const child of children) {
    const before = words.at(-1);
    const touches = before !== undefined && before.end === child.start && child.end > child.start;
    if (!before || !touches || !child.named || /redirect$/.test(child.type)) words.push(child);
    else words.splice(-1, 1, before.type === 'variable_assignment' ? longer(before, child) : together(before, child));
  }
  return words;
}

function together(a: SyntaxNode, b: SyntaxNode): SyntaxNode {
  return { ...a, type: 'concatenation', end: b.end, children: [...parts(a), ...parts(b)] };
}

function parts(node: SyntaxNode): readonly SyntaxNode[] {
  return node.type === 'concatenation' || node.type === 'command_name' ? node.children : [node];
}

function longer(assignment: SyntaxNode, rest: SyntaxNode): SyntaxNode {
  const children = assignment.children.map((child) =>
    child.field === 'value' ? { ...together(child, rest), field: 'value' } : child,
  );
  return { ...assignment, end: rest.end, children };
}
