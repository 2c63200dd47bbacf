import { describe, expect, it } from 'vitest';
import { toAccelerator } from '#core/readers/dialects/accelerator-name.ts';
import { toFlag, toNumber, toOptimizer, toPrecision, toScheduler } from '#core/readers/dialects/normalize.ts';
import { toCpus, toGib, toHours, toSlurmHours } from '#core/readers/dialects/quantity.ts';

const table = <T>(read: (text: string) => T | undefined, rows: Readonly<Record<string, T | undefined>>) =>
  expect(Object.fromEntries(Object.keys(rows).map((text) => [text, read(text)]))).toEqual(rows);

describe('names in their normal form', () => {
  it('precision', () =>
    table(toPrecision, {
      'bf16-true': 'bf16',
      'torch.bfloat16': 'bf16',
      amp_bf16: 'bf16',
      '16-mixed': 'fp16',
      half: 'fp16',
      'jnp.float32': 'fp32',
      FP8: 'fp8',
      auto: undefined,
    }));

  it('optimiser', () =>
    table(toOptimizer, {
      'torch.optim.AdamW': 'adamw',
      adamw_torch_fused: 'adamw',
      adamw_bnb_8bit: 'adamw_8bit',
      'bitsandbytes.optim.PagedAdamW': 'paged_adamw_32bit',
      'bitsandbytes.optim.PagedAdamW8bit': 'paged_adamw_8bit',
      decoupled_adamw: 'decoupled_adamw',
      OneBitAdam: 'onebitadam',
      galore_adamw_layerwise: 'adamw',
      'Muon ': 'muon',
      '': undefined,
    }));

  it('schedule', () =>
    table(toScheduler, {
      StepLR: 'step',
      OneCycleLR: 'onecycle',
      'torchtune.training.lr_schedulers.get_cosine_schedule_with_warmup': 'cosine',
      constant_with_warmup: 'constant_with_warmup',
      WarmupDecayLR: 'warmupdecaylr',
      'SchedulerType.COSINE': 'cosine',
    }));

  it('accelerator', () =>
    table(toAccelerator, {
      'nvidia-tesla-t4': 't4',
      'NVIDIA-A100-SXM4-80GB': 'a100-80gb',
      'A100:8': 'a100',
      'a100-40gb': 'a100-40gb',
      'H100-SXM5-80GB': 'h100',
      'tesla-v100-sxm2-32gb': 'v100-32gb',
      'MI300X:8': 'mi300x',
      'v5litepod-8': 'tpu-v5e',
      'tpu-v5-lite-podslice': 'tpu-v5e',
      'tpu-v6e-slice': 'tpu-v6e',
      'nvidia-l4': 'l4',
      L40S: 'l40s',
      'GeForce RTX 4090': 'rtx4090',
      'RTX A6000': 'a6000',
      trn1: 'trainium1',
      cpu: 'cpu',
      'c5.xlarge': undefined,
      gpu: undefined,
    }));

  it('durations, memory, CPUs', () => {
    table(toHours, {
      '4h': 4,
      '1h30m': 1.5,
      '90 minutes': 1.5,
      '2d': 48,
      PT4H: 4,
      '3600': 1,
      '1-12:00:00': 36,
      x: undefined,
    });
    table(toSlurmHours, { '60': 1, '30:00': 0.5, '04:00:00': 4, '1-12': 36, '2-00:30:00': 48.5, UNLIMITED: undefined });
    table(toGib, { '512Mi': 0.5, '16Gi': 16, '16G': 16, '64GB': 64, '1Ti': 1024, '1073741824': 1, auto: undefined });
    table(toCpus, { '100m': 0.1, '8+': 8, '4': 4, many: undefined });
  });

  it('flags and numbers', () => {
    table<boolean>(toFlag, { True: true, off: false, '1': true, auto: undefined });
    table<number>(toNumber, { '1e-4': 1e-4, '30_000': 30000, '2.': 2, '.5': 0.5, '1.2.3': undefined, '': undefined });
  });
});
