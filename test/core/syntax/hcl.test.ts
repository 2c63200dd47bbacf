import { describe, expect, test } from 'vitest';
import { readHcl } from '#core/syntax/hcl.ts';
import { testSyntax } from '../../grammars.ts';
import { sourceOf, summary } from './plain.ts';

async function checkHcl(text: string, value: unknown, broken: readonly number[] = []): Promise<void> {
  const file = sourceOf('hcl', text);
  expect(summary(file, readHcl(file, await testSyntax()))).toEqual([{ value, broken }]);
}

describe('HCL', () => {
  test('blocks are maps with their labels as keys', async () => {
    await checkHcl(
      'variable "n" {\n  default = 2\n}\nresource "aws_instance" "gpu" {\n  instance_type = "p5.48xlarge"\n  count = var.n\n  market { spot = true }\n}\n',
      {
        variable: { n: { default: 2 } },
        resource: { aws_instance: { gpu: { instance_type: 'p5.48xlarge', count: 'var.n', market: { spot: true } } } },
      },
    );
  });

  test('literals, collections, templates, heredocs', async () => {
    await checkHcl(
      `a = -3\nb = ["x", null, { k = 1, "q" : 2 }]\nc = "t-\${var.x}"\nd = <<-EOT\n  one\n  EOT\ne = ""\n`,
      {
        a: -3,
        b: ['x', null, { k: 1, q: 2 }],
        c: `"t-\${var.x}"`,
        d: 'one',
        e: '',
      },
    );
  });

  test('a half-typed text keeps what is there', async () => {
    await checkHcl('a = 1\nx {\n  d = 3\n', { a: 1, x: { d: 3 } });
  });
});
