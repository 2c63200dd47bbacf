import { keyMapReader } from './dialects/dialect.ts';
import { count, mapped, model, names, number, readOnly, text } from './dialects/key-form.ts';

/** `adapter_config.json` of PEFT: the adapter's kind and rank. */
export const reader = keyMapReader({
  id: 'peft-config',
  info: { title: 'PEFT adapter config', files: 'adapter_config.json with peft_type' },
  languages: ['json'],
  mentions: /"peft_type"/,
  role: 'fragment',
  table: {
    base_model_name_or_path: model(),
    peft_type: mapped(readOnly(text('peft.method')), (answer) =>
      answer && 'value' in answer ? { ...answer, value: String(answer.value).toLowerCase() } : answer,
    ),
    target_r: readOnly(count('lora.r')),
    r: count('lora.r'),
    init_r: readOnly(count('lora.init_r')),
    num_virtual_tokens: readOnly(count('lora.virtual_tokens')),
    lora_alpha: number('lora.alpha'),
    lora_dropout: number('lora.dropout'),
    target_modules: readOnly(names('lora.target_modules')),
  },
  anchors: ['peft_type'],
});
