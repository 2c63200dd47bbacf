import { describe, expect, test } from 'vitest';
import { childIn, visit } from '#core/syntax/tree.ts';
import { testSyntax } from '../../grammars.ts';

describe('a parsed text', () => {
  test('keeps names, fields and operators, drops punctuation', async () => {
    const syntax = await testSyntax();
    const root = syntax.parse('python', 'x = f(a, b=2) * 3\n');
    const types: string[] = [];
    visit(root, (node) => {
      types.push(node.field ? `${node.field}:${node.type}` : node.type);
      return true;
    });
    expect(types).toEqual([
      'module',
      'expression_statement',
      'assignment',
      'left:identifier',
      'right:binary_operator',
      'left:call',
      'function:identifier',
      'arguments:argument_list',
      'identifier',
      'keyword_argument',
      'name:identifier',
      'value:integer',
      'operator:*',
      'right:integer',
    ]);
  });

  test('survives nesting deeper than any reader needs', async () => {
    const syntax = await testSyntax();
    const root = syntax.parse('python', `x = ${'['.repeat(5000)}1${']'.repeat(5000)}\ny = 2\n`);
    expect(root.children.length).toBeGreaterThan(0);
  });

  test('keeps what follows a broken line', async () => {
    const syntax = await testSyntax();
    const root = syntax.parse('python', 'a = 1\nb = f(\nc = 3\n');
    const names: string[] = [];
    visit(root, (node) => {
      if (node.type === 'assignment') names.push(String(childIn(node, 'left')?.start));
      return true;
    });
    expect(names).toContain('0');
  });
});
