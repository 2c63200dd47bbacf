import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SourceFile } from '#core/source/source-file.ts';
import type { SyntaxNode } from '#core/syntax/tree.ts';
import { testSyntax } from '../../grammars.ts';

const program = `#!/usr/bin/env python
"""Trains."""
import os
from torch import nn, optim  # layers

# A comment of its own.
@decorated(1)
def build(width=4, *rest):
    """Builds."""
    if width > 2:
        return nn.Linear(width, 2)
    # trailing, inside
# trailing, outside

class Model(nn.Module):
    size = 3; depth = 4

    def forward(self, x):
        for row in x:
            y = [row for row in x if row]
        else:
            y = {'a': (1, 2), **x}
        return f"{y!r} {x:>3}" + '''long
text'''

a = 1; b = 2
if a:
    b = -a
elif b:
    pass
else:
    b = """
def not_code():
"""
try:
    model = build(a,
                  b)
except (ValueError, OSError) as error:
    raise
finally:
    done = True
with open('x') as f: text = f.read()
match text:
    case 'a': pass
lines = text \\
    .split()
optim.AdamW(model.parameters(), lr=1e-4)
`;

const pieces = [
  '',
  'x',
  '1',
  ' ',
  '    ',
  '\n',
  '\n\n',
  '#',
  '(',
  ')',
  ']',
  '"',
  "'''",
  ':',
  '\\',
  ',',
  '=',
  '@',
  ';',
].concat([
  'else:\n',
  'def g():\n',
  'finally:\n    a\n',
  'pass\n',
  'é',
  '\t',
  '\r\n',
  'if a:\n    b\n',
  'class A: pass\n',
]);

/** Plain nodes without their parents, and a check that every parent is the node above. */
function plain(node: SyntaxNode, parent?: SyntaxNode): unknown {
  if (node.parent !== parent) throw new Error(`${node.type} at ${node.start} is not below its parent`);
  const { type, start, end, field, named, children } = node;
  return [type, start, end, field, named, children.map((child) => plain(child, node))];
}

const source = (text: string): SourceFile => ({ uri: 'file:///a.py', languageId: 'python', version: 1, text });

test('a tree after a change is the tree of the whole text', async () => {
  const syntax = await testSyntax();
  const edit = fc.record({
    at: fc.nat(program.length),
    length: fc.oneof(fc.constant(0), fc.nat(3), fc.nat(60)),
    text: fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 4 })),
  });
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
      let text = program;
      syntax.tree(source(text));
      for (const one of edits) {
        const at = Math.min(one.at, text.length);
        text = text.slice(0, at) + one.text + text.slice(at + one.length);
        expect(plain(syntax.tree(source(text)))).toEqual(plain(syntax.parse('python', text)));
      }
    }),
    { numRuns: 60 },
  );
});

test('every line of a program can be taken out, doubled, indented or made a comment', async () => {
  const syntax = await testSyntax();
  const lines = program.split('\n');
  for (const [at, line] of lines.entries()) {
    for (const with_ of [[], [line, line], [`  ${line}`], [`# ${line}`], [`${line} `], [line.trim()], [line, '']]) {
      const text = lines.toSpliced(at, 1, ...with_).join('\n');
      syntax.tree(source(program));
      expect(plain(syntax.tree(source(text)))).toEqual(plain(syntax.parse('python', text)));
    }
  }
});
