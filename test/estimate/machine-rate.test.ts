import { describe, expect, it } from 'vitest';
import { analyze } from '#core/analyze.ts';
import { defaultSettings } from '#core/settings.ts';
import type { SourceFile } from '#core/source/source-file.ts';
import { testCatalog } from '../catalog/load.ts';
import { testSyntax } from '../grammars.ts';

async function costOf(text: string) {
  const file: SourceFile = { uri: 'file:///case/sky.yaml', languageId: 'yaml', version: 0, text };
  const { workloads } = analyze({
    files: new Map([[file.uri, file]]),
    syntax: await testSyntax(),
    catalog: testCatalog(),
    settings: { ...defaultSettings, today: '2026-11-20' },
  });
  return workloads[0];
}

const run = 'run: |\n  torchrun --nproc_per_node 8 train.py\n';

describe('a job of which only the machine is known', () => {
  it('has its rate, dated, and no sum', async () => {
    const one = await costOf(`resources:\n  cloud: aws\n  region: us-east-1\n  instance_type: p5.48xlarge\n${run}`);
    expect(one?.estimate.cost).toMatchObject({
      perHour: { currency: 'USD', micros: { likely: 55_040_000 } },
      offer: { instanceType: 'p5.48xlarge', asOf: '2026' },
    });
    expect(one?.estimate.cost?.total).toBeUndefined();
    expect(one?.report.rows.map(({ value }) => value).join()).toContain('$55');
  });
  it('has a reason where no price is known', async () => {
    const one = await costOf(`resources:\n  cloud: aws\n  instance_type: p9.none\n${run}`);
    expect(one?.estimate.cost).toBeUndefined();
    expect(one?.estimate.problems.map(({ code }) => code)).toContain('price-unknown');
  });
});
