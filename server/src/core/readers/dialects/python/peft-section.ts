import type { Program } from '../../../evaluate/python.ts';
import { callsOf } from './calls.ts';
import { flagOrName } from './forms.ts';
import { putKeys, settingOf } from './keywords.ts';
import { imply, type Ledger, put } from './ledger.ts';
import { loraKeys } from './transformers-keys.ts';

/** Config classes of peft 0.21 and the methods that they are of. */
const methods: Readonly<Record<string, string>> = {
  LoraConfig: 'lora',
  AdaLoraConfig: 'adalora',
  AdamssConfig: 'adamss',
  AdaptionPromptConfig: 'adaption_prompt',
  BeftConfig: 'beft',
  BOFTConfig: 'boft',
  BoneConfig: 'bone',
  C3AConfig: 'c3a',
  DeftConfig: 'deft',
  DeloraConfig: 'delora',
  FourierFTConfig: 'fourierft',
  FrodConfig: 'frod',
  GloraConfig: 'glora',
  GraloraConfig: 'gralora',
  HiraConfig: 'hira',
  HRAConfig: 'hra',
  IA3Config: 'ia3',
  LilyConfig: 'lily',
  LNTuningConfig: 'ln_tuning',
  LoHaConfig: 'loha',
  LoKrConfig: 'lokr',
  MissConfig: 'miss',
  OFTConfig: 'oft',
  OSFConfig: 'osf',
  PeanutConfig: 'peanut',
  PrefixTuningConfig: 'prefix_tuning',
  PromptEncoderConfig: 'p_tuning',
  PromptTuningConfig: 'prompt_tuning',
  PsoftConfig: 'psoft',
  PveraConfig: 'pvera',
  RandLoraConfig: 'randlora',
  RoadConfig: 'road',
  ShiraConfig: 'shira',
  SupertuningConfig: 'supertuning',
  TinyLoraConfig: 'tinylora',
  TrainableTokensConfig: 'trainable_tokens',
  UniLoraConfig: 'unilora',
  VBLoRAConfig: 'vblora',
  VeraConfig: 'vera',
  WaveFTConfig: 'waveft',
};
const configNames = new RegExp(`(^|\\.)(${Object.keys(methods).join('|')})$`);

/** Adapters: `LoraConfig` and its kin, and Unsloth's `get_peft_model`. */
export function readPeft(program: Program, ledger: Ledger): void {
  const configs = callsOf(program, configNames);
  const wraps = callsOf(program, /(^|\.)get_peft_model$/);
  const config = configs.find((event) => !event.uncertain) ?? configs[0];
  const wrap = wraps.find((event) => event.keywords.has('r'));
  const quantized = ledger.entries.get('quantization.bits')?.fact.value === 4;
  if (config) {
    putKeys(ledger, loraKeys, (keyword) => settingOf(config.result, keyword), config);
    const method = methods[config.name] ?? 'lora';
    imply(ledger, 'peft.method', quantized && method === 'lora' ? 'qlora' : method, config.at);
  } else if (wrap) {
    putKeys(ledger, loraKeys, (keyword) => wrap.keywords.get(keyword), wrap);
    imply(ledger, 'peft.method', quantized ? 'qlora' : 'lora', wrap.at);
    put(ledger, 'training.gradient_checkpointing', wrap.keywords.get('use_gradient_checkpointing'), flagOrName);
  }
}
