import type { Flag } from './flag.ts';
import { commonFlags } from './flag-table.ts';

/** Groups under which a training program's own settings stand on its command line. */
const groups =
  /^(?:train|training|trainer|train_args|training_args|args|model|model_args|data|dataset|data_args|datamodule|dm|loader|dataloader|optim|optimizer|opt|adam|adamw|sgd|scheduler|lr_scheduler|schedule|ckpt|checkpoint|checkpointing|checkpointer|save|config|cfg|conf|hparams|hyper_?params|hp|exp|experiment|run|solver|lora|peft|fsdp|parallel|parallelism|tokenizer|init_args|fit|net|network|module|actor|policy|algo|algorithm|train_module|batch_size_config)$/;

/**
 * The flags of a program with, for each that stands in a group (`--optim.lr`, `model.optimizer.lr=1e-3`), the same flag
 * under its last name. The `batch_size` of an `ml_collections` config is that of all devices.
 */
export function ungroup(flags: readonly Flag[]): readonly Flag[] {
  const plain = new Set(flags.map((flag) => flag.name.toLowerCase()));
  const more = flags.flatMap((flag): Flag[] => {
    const steps = flag.name.split('.');
    const last = steps.pop()?.toLowerCase() ?? '';
    if (steps.length === 0 || last.length < 2 || plain.has(last) || commonFlags.has(flag.name.toLowerCase())) return [];
    if (!steps.every((step) => groups.test(step.toLowerCase()))) return [];
    const all = last === 'batch_size' && steps.length === 1 && steps[0] === 'config';
    return [{ ...flag, name: all ? 'global_batch_size' : last }];
  });
  return [...flags, ...more];
}
