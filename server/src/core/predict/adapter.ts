import { trainsInBase } from '../estimate/adapter-trained.ts';
import { assumed, exact } from '../workload/known.ts';
import type { AdapterSpec, ParallelismSpec } from '../workload/spec.ts';
import type { PredictCase, Sheet } from './case.ts';
import { known, stated } from './stated.ts';

/** Linears that one word for them all means. */
const groups: Readonly<Record<string, readonly string[]>> = {
  attention: ['q_proj', 'k_proj', 'v_proj', 'o_proj'],
  mlp: ['gate_proj', 'up_proj', 'down_proj'],
  experts: ['gate_proj', 'up_proj', 'down_proj'],
};

/** The adapter of a published run; undefined where all of the model is trained. */
export function adapterOf(
  case_: PredictCase,
  config: Sheet,
  stack: string,
  implementation: ParallelismSpec['implementation'],
): AdapterSpec | undefined {
  const lora = config.sheet('lora');
  const tuner = config.text('tuner');
  if (tuner === 'full') return undefined;
  if (!config.has('lora') && tuner === undefined && case_.task !== 'lora' && case_.task !== 'qlora') return undefined;
  const targets = targetsOf(lora)?.flatMap((one) => groups[one] ?? [one]);
  const linear = lora.flag('target_linear') === true || targets?.includes('all-linear') === true;
  const kind = (lora.text('peft_type') ?? '').toUpperCase();
  const inBase = trainsInBase(kind.toLowerCase());
  // AdaLoRA has a first and a target rank; peft writes a plain one beside them that nothing reads.
  const prunes = kind === 'ADALORA';
  const rank = lora.number(prunes ? 'init_r' : 'r');
  const kept = prunes ? lora.number('target_r') : undefined;
  const tokens = lora.number('num_virtual_tokens');
  // FSDP lays what it shards out in one format, and loops of one's own bring all of a model to it (fsdp_qlora, VectorLM).
  const uniform = stack === 'other' && implementation === 'fsdp';
  const wide = stack !== 'litgpt' && stack !== 'torchtune' && implementation !== 'megatron' && !uniform;
  return {
    rank: known(rank, 'the rank'),
    targets: linear ? exact(['all-linear'], stated) : known(targets, 'the adapted linears'),
    ...(kind === '' || kind === 'LORA' ? {} : { method: exact(kind.toLowerCase(), stated) }),
    ...(lora.flag('use_dora') === true ? { decomposed: exact(true, stated) } : {}),
    ...(lora.number('trainable_params') === undefined
      ? {}
      : { parameters: exact(lora.number('trainable_params') as number, stated) }),
    ...(tokens === undefined ? {} : { virtualTokens: exact(tokens, stated) }),
    ...(kept === undefined ? {} : { keptRank: exact(kept, stated) }),
    precision: inBase
      ? assumed('bf16', 'adapter-precision')
      : wide
        ? assumed('fp32', 'adapter-precision')
        : assumed('bf16', 'adapter-precision'),
    ...(lora.has('modules_to_save') ? { trainsEmbeddings: exact(true, stated) } : {}),
  };
}

/** Names of adapted linears, as a list or in words: "q_proj v_proj", "all linear"; nothing where the library's own choice is named. */
function targetsOf(lora: Sheet): readonly string[] | undefined {
  const words = lora.text('targets') ?? lora.text('target_modules');
  if (words === undefined) return lora.names('targets') ?? lora.names('target_modules');
  if (/^all\b/i.test(words)) return ['all-linear'];
  return /^default/i.test(words) ? undefined : words.split(/[\s,]+/).filter((word) => word !== '');
}
