import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { analyze } from '#core/analyze.ts';
import { defaultSettings } from '#core/settings.ts';
import { isSource, openSource } from '#core/source/open.ts';
import { openReadings } from '#server/cli/kept-readings.ts';
import { readShare } from '#server/cli/read-share.ts';
import { testCatalog } from '../catalog/load.ts';
import { testSyntax } from '../grammars.ts';
import { flopwise } from './run.ts';

const script = `from settings import batch
from transformers import AutoModelForCausalLM, HfArgumentParser, Trainer, TrainingArguments

model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen2.5-7B")
(args,) = HfArgumentParser(TrainingArguments).parse_args_into_dataclasses()
args.per_device_train_batch_size = batch
Trainer(model=model, args=args).train()
`;
const texts: Readonly<Record<string, string>> = {
  'settings.py': 'batch = 2\n',
  'train.py': script,
  'short.sh': 'torchrun --nproc_per_node 8 train.py --bf16 --max_steps 100\n',
  'long.sh': 'torchrun --nproc_per_node 8 train.py --bf16 --max_steps 9000\n',
};

describe('files read by several threads', async () => {
  const syntax = await testSyntax();
  const files = Object.entries(texts)
    .map(([name, text]) => openSource(`file:///w/${name}`, 0, text))
    .filter(isSource);
  const keptFor = {
    root: 'file:///w/',
    release: '1',
    hash: (text: string) => createHash('sha256').update(text).digest('hex'),
  };
  const order = files.map(({ uri }) => uri);
  const input = {
    files: new Map(files.map((file) => [file.uri, file])),
    syntax,
    catalog: testCatalog(),
    settings: defaultSettings,
  };

  test('whoever reads which file, the analysis is the same and nothing is left to read', () => {
    const plain = JSON.stringify(analyze(input).workloads.map(({ workload, report }) => [workload, report.rows]));
    for (const mine of [[0, 1], [2, 3], [1, 3], []]) {
      const shares = [mine, [0, 1, 2, 3].filter((at) => !mine.includes(at))].map((share) => {
        const kept = openReadings(undefined, keptFor);
        const left = [...share];
        // As one thread hands it to another.
        readShare({ files: structuredClone(files), order }, syntax, kept, () => left.shift() ?? order.length);
        return structuredClone(kept.entries());
      });
      const kept = openReadings(undefined, keptFor);
      for (const share of shares) kept.take(share);
      const { workloads } = analyze({ ...input, readings: kept.readings });
      expect(JSON.stringify(workloads.map(({ workload, report }) => [workload, report.rows]))).toBe(plain);
      expect(kept.counts().read).toBe(0);
    }
  });
});

describe('scan of much text', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'flopwise-threads-'));
    for (const [name, text] of Object.entries(texts)) writeFileSync(join(folder, name), text);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.skipIf(availableParallelism() < 2)(
    'says the same as one thread, and that others took part',
    async () => {
      const scan = () => flopwise(['scan', folder, '--format', 'json', '--fail-on', 'never', '--verbose']);
      const alone = await scan();
      for (let at = 0; at < 12; at += 1)
        writeFileSync(join(folder, `notes${at}.py`), '# nothing of note\n'.repeat(20_000));
      const together = await scan();
      expect(alone.error).not.toContain('threads');
      expect(together.error).toMatch(/read \d+ files in \d+ threads/);
      expect(together.error).not.toContain('failed');
      expect(together.out).toBe(alone.out);
    },
    300_000,
  );
});
