import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { compareVersions, defaultsOf } from '#core/readers/dialects/defaults/release.ts';
import { transformers } from '#core/readers/dialects/defaults/transformers.ts';
import { trl } from '#core/readers/dialects/defaults/trl.ts';
import { readFile } from '#core/readers/read.ts';
import { isSource, openSource } from '#core/source/open.ts';
import { linkFiles } from '#core/workload/link.ts';
import { testSyntax } from '../../grammars.ts';

interface Row {
  readonly framework: string;
  readonly version: string;
  readonly of: string;
  readonly defaults: Readonly<Record<string, unknown>>;
}

/** What test/reference/oracle/framework_defaults.py printed of the released packages. */
const rows = readFileSync(new URL('../../reference/framework-defaults.jsonl', import.meta.url), 'utf8')
  .split('\n')
  .filter(Boolean)
  .map((line) => JSON.parse(line) as Row);

const facts: Readonly<Record<string, string>> = {
  per_device_train_batch_size: 'training.per_device_batch_size',
  gradient_accumulation_steps: 'training.gradient_accumulation_steps',
  num_train_epochs: 'training.epochs',
  learning_rate: 'optimizer.lr',
  lr_scheduler_type: 'optimizer.scheduler',
  weight_decay: 'optimizer.weight_decay',
  gradient_checkpointing: 'training.gradient_checkpointing',
  save_strategy: 'checkpoint.save_strategy',
  save_steps: 'checkpoint.save_steps',
  max_length: 'data.seq_len',
  max_seq_length: 'data.seq_len',
  max_prompt_length: 'rl.max_prompt_length',
  packing: 'data.packing',
  beta: 'rl.beta',
  num_generations: 'rl.num_generations',
};

/** The defaults of a row by their facts; what is null (or -1, which marks a field that is gone) is left to the program. */
function expected(row: Row): Readonly<Record<string, unknown>> {
  const named = Object.entries(row.defaults).flatMap(([key, value]) => {
    const completion = key === 'max_completion_length' && /GRPO|RLOO/.test(row.of);
    const name = completion ? 'rl.max_completion_length' : facts[key];
    return name && value !== null && value !== -1 ? [[name, value] as const] : [];
  });
  const half = row.framework === 'trl' && 'bf16' in row.defaults ? { 'training.precision': 'bf16' } : {};
  return { ...Object.fromEntries(named), ...half };
}

test('the tables say what the released packages say', () => {
  const seen = { trl: 0, transformers: 0 };
  for (const row of rows) {
    if (row.framework === 'transformers') {
      seen.transformers += 1;
      expect([row.version, defaultsOf(transformers, row.version, undefined)]).toMatchObject([
        row.version,
        expected(row),
      ]);
    }
    if (row.framework !== 'trl') continue;
    seen.trl += 1;
    const method = /^_?Base/.test(row.of) ? 'sft' : row.of.replace('Config', '').toLowerCase();
    const told = expected(row);
    const { all, ...own } =
      trl.releases.findLast((one) => compareVersions(one.version, row.version) <= 0)?.values ?? {};
    const table = defaultsOf(trl, row.version, method);
    expect([row.version, row.of, table]).toMatchObject([row.version, row.of, told]);
    const named = /^_?Base/.test(row.of) ? all : own[method];
    expect([row.version, row.of, Object.keys(named ?? {}).filter((name) => !(name in told))]).toEqual([
      row.version,
      row.of,
      [],
    ]);
  }
  expect(seen.trl).toBeGreaterThan(60);
  expect(seen.transformers).toBe(3);
});

describe('the release that a project pins', () => {
  const script = `from trl import SFTConfig, SFTTrainer
args = SFTConfig(output_dir="out")
SFTTrainer(model="Qwen/Qwen3-0.6B", args=args, train_dataset=data).train()
`;

  async function defaults(texts: Readonly<Record<string, string>>): Promise<Readonly<Record<string, string>>> {
    const files = Object.entries(texts).flatMap(([name, text]) => {
      const file = openSource(`file:///repo/${name}`, 0, text);
      return isSource(file) ? [[file.uri, file] as const] : [];
    });
    const { workloads } = linkFiles(new Map(files), readFile, await testSyntax());
    return Object.fromEntries(
      (workloads[0]?.facts ?? []).flatMap(({ name, value, origin }) =>
        origin.kind === 'framework-default'
          ? [[name, `${String(value)} (${origin.framework} ${origin.version})`] as const]
          : [],
      ),
    );
  }

  test.each([
    ['requirements.txt', 'torch\ntrl==0.15.2\n'],
    ['pyproject.toml', '[project]\ndependencies = ["torch", "trl[peft]==0.15.2"]\n'],
    ['uv.lock', '[[package]]\nname = "trl"\nversion = "0.15.2"\n'],
    ['environment.yml', 'dependencies:\n  - pip:\n    - trl==0.15.2\n'],
  ])('is read in %s', async (name, text) => {
    const found = await defaults({ 'src/train.py': script, [name]: text });
    expect(found).toMatchObject({
      'training.gradient_checkpointing': 'false (trl 0.15.2)',
      'optimizer.lr': '0.00002 (trl 0.15.2)',
      'data.seq_len': '1024 (trl 0.15.2)',
    });
    expect(found).not.toHaveProperty('training.precision');
  });

  test('is read in the job itself before any file above it', async () => {
    const found = await defaults({
      'run.sh': 'pip install "trl==0.20.0"\npython train.py\n',
      'train.py': script,
      'requirements.txt': 'trl==0.15.2\n',
    });
    expect(found).toMatchObject({
      'training.precision': 'bf16 (trl 0.20.0)',
      'training.gradient_checkpointing': 'false (trl 0.20.0)',
    });
  });

  test('is the newest verified one where there is only a lower bound', async () => {
    const found = await defaults({ 'train.py': script, 'requirements.txt': 'trl>=0.9\n' });
    expect(found).toMatchObject({ 'training.gradient_checkpointing': 'true (trl 1.13.0)' });
  });
});
