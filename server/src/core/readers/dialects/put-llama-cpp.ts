import { type ShellWord, sliceWord } from '../../evaluate/shell-word.ts';
import { type Flag, flagNamed } from './flag.ts';
import { count, type Form, precision } from './form.ts';
import { putModelWord } from './put-training.ts';
import { putWord } from './put-word.ts';
import { imply, leaveOpen, type Sheet } from './sheet.ts';

const some: Form<number> = {
  read: (text) => {
    const formed = count.read(text);
    return formed && formed.value > 0 ? formed : undefined;
  },
  spell: count.spell,
};

/**
 * Puts what the flags of a llama.cpp server say. Its context is one for all slots together: a sequence has the context
 * divided by the slots. A context of 0 is the model's own.
 */
export function putLlamaCpp(sheet: Sheet, flags: readonly Flag[]): void {
  const value = (...names: readonly string[]) => flagNamed(flags, ...names)?.value;
  const [context, slots] = [value('c', 'ctx_size', 'n_ctx'), value('np', 'parallel')];
  if (slots) putWord(sheet, 'serving.max_num_seqs', slots, some);
  const length = context?.unknown === undefined ? some.read(context?.text ?? '')?.value : undefined;
  const shared = slots?.unknown === undefined ? some.read(slots?.text ?? '1')?.value : undefined;
  if (context && slots && length !== undefined && shared !== undefined && shared > 1) {
    const why = 'The slots of the server share its context: change the context or the slots.';
    imply(sheet, 'serving.max_model_len', Math.floor(length / shared), context.span, why, slots.span);
  } else if (context && slots && shared === undefined) {
    leaveOpen(
      sheet,
      'serving.max_model_len',
      'The slots share the context, and how many there are is not known.',
      context.span,
    );
  } else if (context) putWord(sheet, 'serving.max_model_len', context, some);
  const cache = value('ctk', 'cache_type_k');
  if (cache) putWord(sheet, 'serving.kv_dtype', cache, precision);
  const model = value('m', 'model');
  if (model) {
    putModelWord(sheet, model);
    putBits(sheet, model);
  }
  const hub = value('hf', 'hfr', 'hf_repo');
  if (!hub) return;
  const colon = hub.text.indexOf(':');
  putModelWord(sheet, colon < 0 ? hub : sliceWord(hub, 0, colon));
  if (colon > 0) putBits(sheet, sliceWord(hub, colon + 1));
}

/** The bits of a weight in the name of a quantised file (`Q4_K_M`, `IQ3_XS`). */
function putBits(sheet: Sheet, word: ShellWord): void {
  const bits = /(?:^|[^A-Za-z])I?Q([2-8])_/i.exec(word.text)?.[1];
  const why = 'The bits are those of the file: name another one.';
  if (bits !== undefined) imply(sheet, 'quantization.bits', Number(bits), word.span, why);
}
