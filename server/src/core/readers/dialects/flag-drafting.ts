import { derived } from '../../facts/fact.ts';
import type { FlagRule } from './flag-rule.ts';
import { has } from './sheet.ts';

/** vLLM's settings of speculative decoding, one JSON object in one flag: each fact is read at the whole of it. */
export const drafting: FlagRule = {
  fact: 'serving.speculative_tokens',
  put(sheet, flag) {
    const settings = flag.value?.unknown === undefined ? parsed(flag.value?.text) : undefined;
    if (!settings || !flag.value) return;
    const { span } = flag.value;
    const { model, method, num_speculative_tokens: tokens } = settings;
    if (typeof model === 'string' && !has(sheet, 'serving.draft_model'))
      sheet.facts.push(derived('serving.draft_model', model, span));
    if (typeof method === 'string' && !has(sheet, 'serving.speculative_method'))
      sheet.facts.push(derived('serving.speculative_method', method, span));
    if (typeof tokens === 'number' && tokens > 0 && !has(sheet, 'serving.speculative_tokens'))
      sheet.facts.push(derived('serving.speculative_tokens', tokens, span));
  },
  spell: () => undefined,
};

function parsed(text: string | undefined): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}
