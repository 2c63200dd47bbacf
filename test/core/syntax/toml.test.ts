import { describe, expect, test } from 'vitest';
import { readToml } from '#core/syntax/toml.ts';
import { testSyntax } from '../../grammars.ts';
import { sourceOf, summary } from './plain.ts';

async function checkToml(text: string, value: unknown, broken: readonly number[] = []): Promise<void> {
  const file = sourceOf('toml', text);
  expect(summary(file, readToml(file, await testSyntax()))).toEqual([{ value, broken }]);
}

describe('TOML', () => {
  test('tables, dotted keys, arrays of tables', async () => {
    await checkToml(
      'title = "run" # why\nopt.lr = 3e-4\n[train]\nsteps = 1_000\nmixed = {on = true}\n[[data]]\nname = \'c4\'\n[[data]]\nname = "pg"\n[data.sub]\nx = 1\n[train.more]\ny = [1,\n  0x1F, ]\n',
      {
        title: 'run',
        opt: { lr: 3e-4 },
        train: { steps: 1000, mixed: { on: true }, more: { y: [1, 31] } },
        data: [{ name: 'c4' }, { name: 'pg', sub: { x: 1 } }],
      },
    );
  });

  test('long strings', async () => {
    await checkToml('a = """\none\\\n   two"""\nb = \'\'\'raw\\n\n\'\'\'\n', { a: 'onetwo', b: 'raw\\n\n' });
  });

  test('a broken line does not take the others along', async () => {
    await checkToml('a = \nb = 2\n[y]\nd = 1e-5\n', { b: 2, y: { d: 1e-5 } }, [1]);
  });
});
