import { assumed, exact, type Known } from '../workload/known.ts';
import type { CodeSpec } from '../workload/spec.ts';
import type { Sheet } from './case.ts';
import { takesRecipe } from './container-recipe.ts';
import { known, not, stated } from './stated.ts';

/** The code of a case: its stack and the kernels that it states or its framework takes. */
export function codeOf(config: Sheet, stack: CodeSpec['stack'], framework: string): CodeSpec {
  return {
    stack,
    attention: attentionOf(config),
    compiled: known(config.flag('compile'), 'compilation'),
    channelsLast: layoutOfImages(config, framework),
    fusedLoss: lossOf(config, stack, framework),
    fusedLayers: known(takesLiger(config, framework) ?? takesRecipe(framework), 'fused kernels'),
    ...pluginsOf(config.text('framework_config') ?? ''),
    // Scripts of PyTorch alone call the loss themselves, over the model's logits and their copy shifted by a token.
    ...(/^(pytorch|torchao)\b/i.test(framework) ? { narrowLoss: assumed(true, 'own-loss') } : {}),
  };
}

/** Layout of images: stated beside the precision; NVIDIA's own recipes take channels last where they mix precisions. */
function layoutOfImages(config: Sheet, framework: string): Known<boolean> {
  const text = `${config.text('precision') ?? ''} ${config.text('memory_format') ?? ''}`;
  if (/channels_last|nhwc/i.test(text)) return exact(true, stated);
  const recipe = /^deeplearningexamples (convnets|ssd)/i.test(framework) && /mixed|amp/i.test(text);
  return recipe ? assumed(true, 'recipe-layout') : not('the layout of images');
}

/** The loss kernel: torchtune's recipes take chunks unless told otherwise. */
function lossOf(config: Sheet, stack: CodeSpec['stack'], framework: string): Known<boolean> {
  const fused = fusedLoss(config, framework);
  if (fused !== undefined) return exact(fused, stated);
  if (stack !== 'torchtune') return not('the loss kernel');
  const origin = { kind: 'framework-default', framework: 'torchtune', version: '0.3' } as const;
  return {
    kind: 'choice',
    options: [
      { value: true, weight: 0.6, origin },
      { value: false, weight: 0.4, origin },
    ],
  };
}

function names(config: Sheet, key: string): readonly string[] {
  return config.names(key) ?? [];
}

function attentionOf(config: Sheet): Known<'eager' | 'sdpa' | 'flash'> {
  const text = config.text('attention_impl');
  if (text === undefined) return not('the attention kernel');
  if (/flash|flex|fused|cudnn|xformers|efficient/i.test(text)) return exact('flash', stated);
  return exact(/sdpa/i.test(text) ? 'sdpa' : 'eager', stated);
}

function fusedLoss(config: Sheet, framework: string): boolean | undefined {
  if (/chunked|fused|linear/.test(config.text('loss') ?? '')) return true;
  if (names(config, 'plugins').some((plugin) => /cut_?cross_?entropy/i.test(plugin))) return true;
  return takesLiger(config, framework) || undefined;
}

/** What fms-acceleration's plugins change, by the words for them: a loss over the logits in place, a quantised base that is left as it is. */
function pluginsOf(words: string): Pick<CodeSpec, 'lossInPlace' | 'keepsBase'> {
  return {
    ...(/foak|fast-kernels/i.test(words) ? { lossInPlace: exact(true, stated) } : {}),
    ...(/accelerated-peft/i.test(words) ? { keepsBase: exact(true, stated) } : {}),
  };
}

/** Whether Liger's or DeepSpeed's fused layers are at work: by a flag, a plugin, or their name among the words for the framework and how it is set. */
function takesLiger(config: Sheet, framework: string): boolean | undefined {
  const words = [
    framework,
    config.text('framework_config') ?? '',
    config.text('kernel') ?? '',
    ...names(config, 'plugins'),
  ];
  const told = config.flag('liger') ?? config.sheet('other_args').flag('use_liger_kernel');
  return told ?? (words.some((one) => /liger|transformer kernel/i.test(one)) || undefined);
}
