import type { DictValue, Value } from '../../../evaluate/value.ts';
import { flag, names, number, optimizer, positive, scheduler } from './forms.ts';
import { imply, type Ledger, put, settle } from './ledger.ts';

/** A DeepSpeed configuration written as a dictionary. `auto` leaves a value to the trainer. */
export function putDeepspeed(ledger: Ledger, config: DictValue): void {
  const at = (...path: readonly string[]) => {
    let here: Value | undefined = config;
    for (const step of path) here = here?.kind === 'dict' ? here.store.get(step) : undefined;
    const settled = here && settle(here);
    return settled?.kind === 'string' && settled.value === 'auto' ? undefined : settled;
  };
  imply(ledger, 'parallel.strategy', 'deepspeed', config.at);
  put(ledger, 'training.per_device_batch_size', at('train_micro_batch_size_per_gpu'), positive);
  put(ledger, 'training.global_batch_size', at('train_batch_size'), positive);
  put(ledger, 'training.gradient_accumulation_steps', at('gradient_accumulation_steps'), positive);
  put(ledger, 'training.max_grad_norm', at('gradient_clipping'), number);
  for (const [key, value] of [
    ['bf16', 'bf16'],
    ['bfloat16', 'bf16'],
    ['fp16', 'fp16'],
  ] as const) {
    const enabled = at(key, 'enabled');
    if (enabled?.kind === 'bool' && enabled.value)
      put(ledger, 'training.precision', enabled, { read: () => ({ value }), spell: () => undefined });
  }
  put(ledger, 'parallel.zero_stage', at('zero_optimization', 'stage'), number);
  for (const [key, fact] of [
    ['offload_optimizer', 'parallel.offload_optimizer'],
    ['offload_param', 'parallel.offload_params'],
  ] as const) {
    const device = at('zero_optimization', key, 'device');
    if (device?.kind === 'string')
      put(ledger, fact, device, { read: () => ({ value: device.value }), spell: () => undefined });
  }
  put(ledger, 'optimizer.name', at('optimizer', 'type'), optimizer);
  put(ledger, 'optimizer.lr', at('optimizer', 'params', 'lr'), number);
  put(ledger, 'optimizer.weight_decay', at('optimizer', 'params', 'weight_decay'), number);
  put(ledger, 'optimizer.betas', at('optimizer', 'params', 'betas'), names);
  put(ledger, 'optimizer.eps', at('optimizer', 'params', 'eps'), number);
  put(ledger, 'optimizer.scheduler', at('scheduler', 'type'), scheduler);
  put(ledger, 'optimizer.warmup_steps', at('scheduler', 'params', 'warmup_num_steps'), number);
  put(ledger, 'training.gradient_checkpointing', at('activation_checkpointing', 'partition_activations'), flag, {
    quiet: true,
  });
}
