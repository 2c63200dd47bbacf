import { sameValue } from '../../facts/fact.ts';
import type { Reading } from '../../facts/reading.ts';
import type { FactName } from '../../facts/vocabulary.ts';
import type { SourceFile } from '../../source/source-file.ts';
import { applyEdits } from '../../source/span.ts';
import { isRefusal, type SpecChange, type WriteResult } from '../reader.ts';
import { wordOf } from './lack.ts';

/**
 * A write that was read again: it stands where the changed text states the new value and every other statement says
 * what it said. A text can hold more than a writer sees (a template, a second loop, a variable of two branches).
 */
export function heldWrite(
  read: (file: SourceFile) => readonly Reading[],
  file: SourceFile,
  all: readonly Reading[],
  before: Reading,
  change: SpecChange,
  result: WriteResult,
): WriteResult {
  if (isRefusal(result) || result.edits.length === 0) return result;
  const after = { ...file, version: file.version + 1, text: applyEdits(file.text, result.edits) };
  const readings = read(after);
  const reading = readings.find((one) => one.name === before.name);
  const now = reading?.facts.find((fact) => fact.name === change.name);
  const word = wordOf(change.name);
  if (!reading || now?.origin.kind !== 'code' || !sameValue(now.value, change.value)) {
    return { refused: `Another part of this file decides ${word} too, so one edit does not settle it.` };
  }
  const moved = movedFact(before, reading, change);
  if (moved) return { refused: `The same text also says ${wordOf(moved)}, so ${word} cannot be set alone.` };
  const sharer = file.languageId === 'bash' ? undefined : sharerOf(all, readings, before, change);
  return sharer ? { refused: `${sharer} shares this value: give each its own to set ${word} of one.` } : result;
}

/** Another workload of a data file whose value moved with it: both take it from one anchor or variable. */
function sharerOf(
  before: readonly Reading[],
  after: readonly Reading[],
  own: Reading,
  change: SpecChange,
): string | undefined {
  const valueIn = (all: readonly Reading[], name: string) =>
    all.find((one) => one.name === name)?.facts.find((fact) => fact.name === change.name)?.value;
  return before.find((one) => {
    const [was, is] = [valueIn(before, one.name), valueIn(after, one.name)];
    return one.name !== own.name && was !== undefined && !(is !== undefined && sameValue(was, is));
  })?.name;
}

/** Facts that a change may move with it, because formats say both in one word or ask for both. */
const company: Readonly<Partial<Record<FactName, RegExp>>> = {
  'training.precision': /^model\.dtype$/,
  'training.per_device_batch_size': /^training\.per_device_eval_batch_size$/,
  'checkpoint.save_steps': /^checkpoint\.(save_strategy|save_epochs|saves_per_epoch)$/,
  'hardware.spot': /^hardware\.max_wait_hours$/,
  'hardware.time_limit_hours': /^hardware\.max_wait_hours$/,
  'hardware.gpus_per_node': /^hardware\.(total_gpus|processes_per_node)$|^parallel\./,
  'hardware.nodes': /^hardware\.total_\w+$/,
  'hardware.instance_type': /^hardware\./,
  'hardware.accelerator': /^hardware\./,
  'lora.r': /^peft\.method$/,
  'peft.method': /^(quantization|lora)\./,
  'quantization.bits': /^quantization\.|^peft\.method$/,
  'quantization.method': /^quantization\.|^peft\.method$/,
};

/** True where a change of one fact may move another. */
export function movesWith(name: FactName, other: FactName): boolean {
  return other === 'job.command' || company[name]?.test(other) === true;
}

/** A stated fact that is not as it was; what is worked out from the changed text may move with it. */
function movedFact(before: Reading, after: Reading, change: SpecChange): FactName | undefined {
  const moved = before.facts.find((fact) => {
    if (fact.name === change.name || movesWith(change.name, fact.name)) return false;
    const now = after.facts.find((one) => one.name === fact.name);
    return fact.origin.kind === 'code' && !fact.origin.derived && !(now && sameValue(now.value, fact.value));
  });
  return moved?.name;
}
