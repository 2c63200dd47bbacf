import type { ShellReading } from '../../evaluate/shell.ts';
import { wordOf } from '../../evaluate/shell-word.ts';
import type { FactName } from '../../facts/vocabulary.ts';
import { amount } from './form.ts';
import { putWord } from './put-word.ts';
import type { Sheet } from './sheet.ts';

/** Names that training scripts set for the script that they hand over to. */
const known: readonly (readonly [RegExp, FactName & 'optimizer.lr'])[] = (
  [
    [/^(TP|TP_SIZE|TENSOR_PARALLEL(_SIZE)?|TENSOR_MODEL_PARALLEL(_SIZE)?)$/, 'parallel.tp'],
    [/^(PP|PP_SIZE|PIPELINE_PARALLEL(_SIZE)?|PIPELINE_MODEL_PARALLEL(_SIZE)?)$/, 'parallel.pp'],
    [/^(CP|CP_SIZE|CONTEXT_PARALLEL(_SIZE)?)$/, 'parallel.cp'],
    [/^(EP|EP_SIZE|EXPERT_PARALLEL(_SIZE)?|EXPERT_MODEL_PARALLEL(_SIZE)?)$/, 'parallel.ep'],
    [/^(MBS|MICRO_BATCH(_SIZE)?)$/, 'training.per_device_batch_size'],
    [/^(GBS|GLOBAL_BATCH(_SIZE)?)$/, 'training.global_batch_size'],
    [/^(NLS|NUM_LAYERS|N_LAYERS|NLAYERS)$/, 'model.num_layers'],
    [/^(HS|HIDDEN_SIZE|HIDDEN|NHIDDEN)$/, 'model.hidden_size'],
    [/^(NAH|NUM_ATTENTION_HEADS|NUM_HEADS|N_HEADS|NHEADS)$/, 'model.num_heads'],
    [/^(FFN_HIDDEN_SIZE|FFN_SIZE)$/, 'model.ffn_hidden_size'],
    [/^(SEQ_LEN|SEQ_LENGTH|SEQLEN|MAX_SEQ_LEN(GTH)?)$/, 'data.seq_len'],
    [/^(NNODES|NUM_NODES|NODES)$/, 'hardware.nodes'],
    [/^(GPUS_PER_NODE|NUM_GPUS_PER_NODE|NPROC_PER_NODE|N_GPUS_PER_NODE)$/, 'hardware.gpus_per_node'],
    [/^(LR|LEARNING_RATE)$/, 'optimizer.lr'],
    [/^(EPOCHS|NUM_EPOCHS)$/, 'training.epochs'],
    [/^(TRAIN_ITERS|MAX_STEPS|TRAIN_STEPS)$/, 'training.max_steps'],
  ] as const
).map(([pattern, name]) => [pattern, name as 'optimizer.lr']);

/** Puts what the names of a script say, for a script that hands over to one that is not at hand. */
export function putVariables(sheet: Sheet, variables: ShellReading['variables']): void {
  for (const [name, variable] of variables) {
    const row = known.find(([pattern]) => pattern.test(name));
    if (!row || variable.kind !== 'text') continue;
    const word = wordOf(variable.value, variable.value.span);
    if (word.unknown === undefined && word.span.uri === sheet.file.uri) putWord(sheet, row[1], word, amount);
  }
}
