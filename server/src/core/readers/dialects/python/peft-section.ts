import type { Program } from '../../../evaluate/python.ts';
import { callsOf } from './calls.ts';
import { flagOrName } from './forms.ts';
import { putKeys, settingOf } from './keywords.ts';
import { imply, type Ledger, put } from './ledger.ts';
import { loraKeys } from './transformers-keys.ts';

const methods: Readonly<Record<string, string>> = {
  LoraConfig: 'lora',
  AdaLoraConfig: 'adalora',
  BOFTConfig: 'boft',
  OFTConfig: 'oft',
  LoHaConfig: 'loha',
  LoKrConfig: 'lokr',
  IA3Config: 'ia3',
  PrefixTuningConfig: 'prefix_tuning',
  PromptTuningConfig: 'prompt_tuning',
  PromptEncoderConfig: 'p_tuning',
};

/** Adapters: `LoraConfig` and its kin, and Unsloth's `get_peft_model`. */
export function readPeft(program: Program, ledger: Ledger): void {
  const configs = callsOf(
    program,
    /(^|\.)(LoraConfig|AdaLoraConfig|BOFTConfig|OFTConfig|LoHaConfig|LoKrConfig|IA3Config|PrefixTuningConfig|PromptTuningConfig|PromptEncoderConfig)$/,
  );
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
