import { exact } from '../workload/known.ts';
import type { CodeSpec, OptimizerSpec, Precision } from '../workload/spec.ts';
import type { Sheet } from './case.ts';
import { known } from './stated.ts';

/** The optimiser of a case on so many devices: as it states it, or as its framework takes it. */
export function optimizerOf(
  config: Sheet,
  stack: CodeSpec['stack'],
  devices: number,
  adapter: boolean,
  compute: Precision | undefined,
): OptimizerSpec {
  const text = config.text('optimizer') ?? lowRank(config.sheet('other_args'));
  const inBackward = config.flag('optimizer_in_bwd') ?? (/in[ _-]backward/i.test(text ?? '') || undefined);
  const tune = { kind: 'framework-default', framework: 'torchtune', version: '0.3' } as const;
  // torchtune's single-device recipes for full fine-tuning page 8-bit states and step inside the backward pass.
  if (stack === 'torchtune' && text === undefined && devices === 1 && !adapter) {
    return { name: exact('paged_adamw_8bit', tune), fused: exact(true, tune), inBackward: exact(true, tune) };
  }
  // Loops over single tensors, as AdamW was before PyTorch 2, keep no list of temporaries.
  const old = stack === 'hf-trainer' && (compute === 'fp32' || compute === 'fp16');
  const oneKernel = (text !== undefined && /fused/i.test(text)) || stack === 'torchtune' || old;
  return {
    name: known(text === undefined ? undefined : optimizerName(text), 'the optimizer'),
    fused: known(oneKernel || undefined, 'a fused optimizer'),
    inBackward: known(inBackward, 'a step in the backward pass'),
  };
}

/** GaLore by a script's own switches, over states in 8 bits where it quantises. */
function lowRank(args: Sheet): string | undefined {
  if (args.flag('use_galore') !== true) return undefined;
  return args.flag('galore_quantization') === true ? 'GaLore AdamW 8-bit' : 'GaLore AdamW';
}

/** Normalised name of an optimiser by its words. */
function optimizerName(text: string): string {
  const t = text.toLowerCase();
  const narrow = /4-?_?bit/.test(t) ? '_4bit' : /8-?_?bit/.test(t) ? '_8bit' : '';
  const paged = t.includes('paged') ? 'paged_' : '';
  if (t.includes('galore')) return `galore_adamw${narrow}`;
  if (t.includes('adafactor')) return 'adafactor';
  if (t.includes('muon')) return 'muon';
  if (t.includes('prodigy')) return 'prodigy';
  if (t.includes('lion')) return `${paged}lion${narrow}`;
  if (t.includes('lamb')) return 'lamb';
  if (t.includes('sgd')) return t.includes('momentum') ? 'sgd_momentum' : 'sgd';
  return `${paged}adamw${narrow}`;
}
