import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SourceFile } from '#core/source/source-file.ts';
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
    case 'b' | 'c':
        a = 2
        b = 3
lines = text \\
    .split()
optim.AdamW(model.parameters(), lr=1e-4)
`;

const nested = `def train(loader, epochs=3):
    """Trains
  a model."""
    model = build()
    if loader is None:
        # nothing to do
        return None
    # before the loop
    for epoch in range(epochs):
        total = 0; count = 0

        for at, batch in enumerate(loader):
            loss = model(batch)  # forward
            loss.backward()
        # after the batches
            if at % 10 == 0:
                print(f"{at} {loss:.2f}",
    epoch)
                total += loss
            elif at > 5: count += 1
            else:
                with open('log') as log:
                    log.write("""
  done
""")
                    log.flush()
                    # flushed
                continue

            @torch.no_grad()
            def inner(x): return x
            match at:
                case 1:
                    one = [
                        1, 2]
                    two = one
                case _:
                    pass
            try:
                x = lambda: (yield)
                del x
            except ValueError: pass
            finally:
                count = 0
                total = 1
        print(total)
    model.save()
    # saved
    return model


train(None)
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

const source = (text: string): SourceFile => ({ uri: 'file:///a.py', languageId: 'python', version: 1, text });

const programs = [
  ['one of many statements', program],
  ['one of many blocks', nested],
] as const;

test.each(programs)('a tree after a change of %s is the tree of the whole text', async (_, program) => {
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
        expect(syntax.tree(source(text))).toEqual(syntax.parse('python', text));
      }
    }),
    { numRuns: 120 },
  );
});

test.each(programs)('every line of %s can be taken out, doubled, indented or made a comment', async (_, program) => {
  const syntax = await testSyntax();
  const lines = program.split('\n');
  for (const [at, line] of lines.entries()) {
    for (const with_ of [[], [line, line], [`  ${line}`], [`# ${line}`], [`${line} `], [line.trim()], [line, '']]) {
      const text = lines.toSpliced(at, 1, ...with_).join('\n');
      syntax.tree(source(program));
      expect(syntax.tree(source(text))).toEqual(syntax.parse('python', text));
    }
  }
});

test('a case that is cut short is no statement of its own', async () => {
  const syntax = await testSyntax();
  const before =
    'def f(a):\n    match a:\n        case 1:\n            b = 1\n            c = b\n        case _:\n            pass\n    return a\n';
  const after = before.replace('case 1', 'cas1');
  syntax.tree(source(before));
  expect(syntax.tree(source(after))).toEqual(syntax.parse('python', after));
});
