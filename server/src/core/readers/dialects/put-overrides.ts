import { derived, stated } from '../../facts/fact.ts';
import type { FactName } from '../../facts/vocabulary.ts';
import { llmFoundryKeys } from '../llm-foundry.ts';
import { maxtextKeys } from '../maxtext.ts';
import { nemoKeys, nemoRlKeys } from '../nemo.ts';
import { torchtitanKeys } from '../torchtitan.ts';
import { torchtuneKeys } from '../torchtune.ts';
import { verlKeys, verlSftKeys } from '../verl.ts';
import { allowOverrides } from './allow-overrides.ts';
import { type Flag, flagNamed } from './flag.ts';
import { holeIn } from './hole.ts';
import type { KeyForm, Plain } from './key-form.ts';
import { type KeyTable, tableRows } from './key-map.ts';
import { type Launch, programName } from './launcher.ts';
import { toNumber } from './normalize.ts';
import { partlyKnown, rewriteWord, sentence } from './put-word.ts';
import { has, imply, leaveOpen, type Sheet } from './sheet.ts';

/** Programs whose command line overrides the keys of their config format, by the program's name. */
const programs: readonly (readonly [RegExp, KeyTable, RegExp?])[] = [
  [/verl\b.*sft_trainer/, verlSftKeys],
  [/\bverl\b|^main_ppo/, verlKeys],
  [/maxtext|MaxText/, maxtextKeys],
  [/torchtitan/, torchtitanKeys],
  [/(?:^|\/)run_(?:vlm_)?(?:grpo|sft|dpo|rm|distillation)\w*\.py/, nemoRlKeys],
  [/launcher_scripts\/main\.py|megatron_(?:gpt|llama|t5|bert)_\w+\.py|nemo/, nemoKeys, /^training\./],
];

/**
 * Puts the keys of a config format that stand as words of a command (`trainer.nnodes=4`, `--training.steps 100`).
 * True where the program is one whose keys are known.
 */
export function putOverrides(sheet: Sheet, launch: Launch, flags: readonly Flag[]): boolean {
  const name = `${programName(launch)} ${launch.program.text}`;
  const found = programs.find(([pattern]) => pattern.test(name));
  const composer = launch.launchers.some((launcher) => launcher.id === 'composer');
  const table = found?.[1] ?? (composer ? llmFoundryKeys : undefined);
  const command = { words: [launch.program, ...launch.words], flags };
  if (!table) {
    const tunes = launch.launchers.some((launcher) => launcher.id === 'tune');
    const source = tunes ? flagNamed(flags, 'dataset.source') : undefined;
    if (source?.value) putOverride(sheet, source, torchtuneKeys['dataset.source']);
    if (tunes) allowOverrides(sheet, command, torchtuneKeys, false);
    return false;
  }
  const prefix = found?.[2];
  const plain = prefix ? flags.map((flag) => ({ ...flag, name: flag.name.replace(prefix, '') })) : flags;
  for (const { path, form } of tableRows(table)) {
    const flag = flagNamed(plain, path);
    if (flag?.value) putOverride(sheet, flag, form);
  }
  if (/main_ppo$/.test(name))
    imply(sheet, 'training.method', 'ppo', launch.program.span, 'Set algorithm.adv_estimator.');
  const method = table === nemoRlKeys ? /run_(?:vlm_)?(grpo|sft|dpo)/.exec(name)?.[1] : undefined;
  if (method) imply(sheet, 'training.method', method, launch.program.span, 'Another method is another program.');
  if (table === maxtextKeys) putChips(sheet, plain);
  if (table === nemoKeys) putNemoModel(sheet, plain);
  // The keys of a launcher's recipe hang under a prefix of its own.
  if (!prefix) allowOverrides(sheet, command, table, table === torchtitanKeys);
  return true;
}

function putOverride(sheet: Sheet, flag: Flag, form: KeyForm): void {
  const word = flag.value;
  if (!word || has(sheet, form.fact)) return;
  const text = word.text.trim();
  const path = /^(?:model\.(?:name|path)|checkpoint\.output_dir|data\.dataset|rl\.reward_model)$/.test(form.fact);
  const written = word.unknown !== undefined && path ? partlyKnown(sheet, word) : undefined;
  const hole = written === undefined ? (word.unknown ?? (path ? undefined : holeIn(text))) : undefined;
  if (hole !== undefined) {
    leaveOpen(sheet, form.fact, sentence(hole), word.span);
    return;
  }
  const answer = written === undefined ? form.read(plainOf(text), text) : { value: written, fact: pathFact(form.fact) };
  if (!answer) return;
  if ('open' in answer) {
    leaveOpen(sheet, form.fact, answer.open, word.span);
    return;
  }
  const name: FactName = answer.fact ?? form.fact;
  if (has(sheet, name)) return;
  const computed = word.pieces.length > 1 || word.pieces.some((piece) => !piece.exact);
  sheet.facts.push((computed ? derived : stated)(name, answer.value, word.span));
  sheet.writers.set(name, (value) => {
    const spelled = form.write(value);
    return spelled === undefined
      ? { refused: `This key has no word for ${String(value)}.` }
      : rewriteWord(sheet, word, spell(spelled, text));
  });
}

function pathFact(name: FactName): FactName {
  return name === 'model.name' ? 'model.path' : name;
}

/** A word of a command line as Hydra and OmegaConf take it. */
function plainOf(text: string): Plain {
  const number = toNumber(text);
  if (number !== undefined) return number;
  if (/^(?:null|none)$/i.test(text)) return null;
  const list = /^\[(.*)\]$/s.exec(text)?.[1];
  if (list !== undefined) {
    return list
      .split(',')
      .map((item) => item.trim().replace(/^["']|["']$/g, ''))
      .filter((item) => item !== '');
  }
  return text;
}

function spell(value: Plain, old: string): string {
  if (Array.isArray(value)) return `[${value.join(',')}]`;
  if (typeof value !== 'boolean') return String(value);
  return /^[a-z]/.test(old) ? String(value) : value ? 'True' : 'False';
}

/** MaxText's axes within a slice make up its chips. */
function putChips(sheet: Sheet, flags: readonly Flag[]): void {
  const axes = flags.filter((flag) => /^ici_\w+_parallelism$/.test(flag.name) && flag.value);
  const sizes = axes.map((flag) => Number(flag.value?.text));
  const [first, ...rest] = axes.flatMap((flag) => (flag.value ? [flag.value.span] : []));
  if (axes.length < 2 || !first || sizes.some((size) => !Number.isInteger(size) || size < 1)) return;
  const chips = sizes.reduce((product, size) => product * size, 1);
  imply(sheet, 'hardware.total_accelerators', chips, first, 'The chips are the product of the axes.', ...rest);
}

/** NeMo's launcher picks a recipe by family and size: `training=gpt3/40b`. */
function putNemoModel(sheet: Sheet, flags: readonly Flag[]): void {
  const word = flagNamed(flags, 'training')?.value;
  const recipe = /^([a-z]+\d*)\/(\d+(?:\.\d+)?[mbt])\b/i.exec(word?.text ?? '');
  if (!word || word.unknown !== undefined || !recipe) return;
  const pieces = word.pieces.filter((piece) => piece.text !== '/');
  const [family, size] = pieces.length === 2 ? pieces.map((piece) => piece.span) : [word.span, word.span];
  const why = 'Another recipe has its own numbers.';
  imply(sheet, 'model.family', recipe[1] ?? '', family ?? word.span, why);
  imply(sheet, 'model.size', recipe[2] ?? '', size ?? word.span, why);
}
