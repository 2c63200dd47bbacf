import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { planRetention } from '#core/lifecycle/retention.ts';
import type { StoredFile } from '#core/lifecycle/stored.ts';
import { findRuns, pointersOf } from '#core/lifecycle/stored-runs.ts';

const files = (...paths: readonly string[]): readonly StoredFile[] => paths.map((path) => ({ path, bytes: 1000 }));
const hf = (step: number, ...more: readonly string[]) =>
  ['model.safetensors', 'optimizer.pt', 'trainer_state.json', ...more].map((name) => `out/checkpoint-${step}/${name}`);
const state = (best: string | null) => JSON.stringify({ best_model_checkpoint: best, global_step: 1 });
const only = (all: readonly StoredFile[], texts: Readonly<Record<string, string>> = {}) => {
  const [run, ...rest] = findRuns(all, new Map(Object.entries(texts)));
  if (!run || rest.length > 0) throw new Error('not one run');
  return run;
};
const told = (all: readonly StoredFile[], texts: Readonly<Record<string, string>> = {}, keepLast = 1) => {
  const plan = planRetention(only(all, texts), { keepLast });
  return {
    kept: plan.kept.map(({ save, why }) => `${save.path}: ${why}`),
    mayGo: plan.mayGo.map(({ path }) => path),
    held: plan.held,
  };
};

describe('layouts', () => {
  test.each([
    ['hf-trainer', hf(100)],
    ['peft', ['out/checkpoint-9/adapter_model.safetensors', 'out/checkpoint-9/trainer_state.json']],
    ['accelerate', ['o/checkpoint_3/model.safetensors', 'o/checkpoint_3/random_states_0.pkl']],
    ['deepspeed', ['ds/global_step5/mp_rank_00_model_states.pt']],
    ['megatron', ['m/iter_0000500/mp_rank_00/model_optim_rng.pt']],
    ['dcp', ['c/step-500/.metadata', 'c/step-500/__0_0.distcp']],
    ['lightning', ['logs/epoch=1-step=500.ckpt']],
    ['lightning', ['logs/epoch=1-step=500.ckpt/checkpoint/mp_rank_00_model_states.pt']],
    ['orbax', ['x/500/_CHECKPOINT_METADATA', 'x/500/state/manifest.ocdbt']],
  ])('%s', (layout, paths) => {
    const [save] = only(files(...paths)).checkpoints;
    expect(save?.layout).toBe(layout);
    expect(save?.incomplete).toBeUndefined();
  });

  test('a folder of another thing is no save', () => {
    expect(
      findRuns(
        files('data/2024/part.parquet', 'step-1/readme.md', 'model.safetensors', 'checkpoint-5/notes.txt'),
        new Map(),
      ),
    ).toEqual([]);
  });

  test('a DeepSpeed save inside a trainer save is part of it', () => {
    const all = files(...hf(5), 'out/checkpoint-5/global_step5/zero_pp_rank_0_mp_rank_00_optim_states.pt');
    expect(only(all).checkpoints).toHaveLength(1);
    expect(only(all).checkpoints[0]?.parts).toEqual({ weights: 1000, optimizer: 2000, together: 0, other: 1000 });
  });

  test('what is missing is said', () => {
    const lack = (...paths: readonly string[]) => only(files(...paths)).checkpoints[0]?.incomplete;
    expect(lack('o/checkpoint-1/model-00001-of-00003.safetensors', 'o/checkpoint-1/trainer_state.json')).toBe(
      'it has 1 of 3 shards',
    );
    expect(lack('c/step-5/__0_0.distcp')).toMatch(/\.metadata/);
    expect(
      lack('d/global_step5/mp_rank_00_model_states.pt', 'd/global_step5/zero_pp_rank_1_mp_rank_00_optim_states.pt'),
    ).toBe('it has the optimizer states of 1 of 2 ranks');
  });
});

describe('what may go', () => {
  const three = files(...hf(100), ...hf(200), ...hf(300));

  test('is all but the newest and the best', () => {
    const texts = { 'out/checkpoint-300/trainer_state.json': state('/home/u/out/checkpoint-100') };
    expect(told(three, texts)).toEqual({
      kept: ['out/checkpoint-100: best', 'out/checkpoint-300: resumes from it'],
      mayGo: ['out/checkpoint-200'],
      held: undefined,
    });
    expect(pointersOf(three)).toHaveLength(3);
  });

  test('is nothing where the state cannot be read, or names a best that is gone', () => {
    for (const text of ['{', state('out/checkpoint-50')])
      expect(told(three, { 'out/checkpoint-300/trainer_state.json': text })).toMatchObject({
        mayGo: [],
        held: 'which save is the best cannot be read',
      });
  });

  test('is never the save that the pointer file names, and nothing where it names one that is gone', () => {
    const all = files('ds/latest', ...[5, 10, 15].map((step) => `ds/global_step${step}/mp_rank_00_model_states.pt`));
    expect(told(all, { 'ds/latest': 'global_step5\n' })).toMatchObject({
      kept: ['ds/global_step5: resumes from it', 'ds/global_step15: among the newest'],
      mayGo: ['ds/global_step10'],
    });
    expect(told(all, { 'ds/latest': 'global_step20' })).toMatchObject({
      mayGo: [],
      held: 'ds/latest names global_step20, which is not there',
    });
  });

  test('is never a save that may be under way, nor the last whole one behind it', () => {
    const all = [...three, ...files('out/checkpoint-400/model.safetensors')];
    expect(told(all)).toEqual({
      kept: ['out/checkpoint-300: among the newest', 'out/checkpoint-400: resumes from it'],
      mayGo: ['out/checkpoint-100', 'out/checkpoint-200'],
      held: undefined,
    });
  });

  test('of a callback that keeps the best few goes by the measure in the names', () => {
    const names = [
      'epoch=1-step=10-val_loss=0.40.ckpt',
      'epoch=2-step=20-val_loss=0.31.ckpt',
      'epoch=3-step=30-val_loss=0.35.ckpt',
    ];
    expect(told(files(...names, 'last.ckpt')).kept).toContain('epoch=2-step=20-val_loss=0.31.ckpt: best');
    expect(told(files('epoch=1-step=10.ckpt', 'epoch=2-step=20.ckpt')).held).toBe(
      'which save is the best cannot be read',
    );
  });

  test('never holds the best, the one resumed from, or the last whole one, and bytes add up', () => {
    const runs = fc.record({
      steps: fc.uniqueArray(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 12 }),
      broken: fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }),
      best: fc.nat(11),
      keepLast: fc.integer({ min: 1, max: 5 }),
    });
    fc.assert(
      fc.property(runs, ({ steps, broken, best, keepLast }) => {
        const all = steps.flatMap((step, at) => files(...hf(step).slice(0, broken[at] ? 1 : 3)));
        const target = steps[best % steps.length] ?? 0;
        const texts = Object.fromEntries(
          steps.map((step) => [`out/checkpoint-${step}/trainer_state.json`, state(`out/checkpoint-${target}`)]),
        );
        const run = only(all, texts);
        const plan = planRetention(run, { keepLast });
        const gone = new Set(plan.mayGo.map(({ path }) => path));
        const whole = run.checkpoints.filter(({ incomplete }) => incomplete === undefined);
        expect(
          gone.has(`out/checkpoint-${target}`) || gone.has(run.resume ?? '') || gone.has(whole.at(-1)?.path ?? ''),
        ).toBe(false);
        expect(plan.bytesKept + plan.bytesFreed).toBe(all.reduce((sum, { bytes }) => sum + bytes, 0));
        if (whole.length === 0) expect(gone.size).toBe(0);
      }),
    );
  });
});
