import { readShell, type ShellReading } from '../../evaluate/shell.ts';
import { plainWord, type ShellWord } from '../../evaluate/shell-word.ts';
import type { EmbeddedFile, Word } from '../../facts/reading.ts';
import type { SourceFile } from '../../source/source-file.ts';
import type { Span } from '../../source/span.ts';
import type { ReadContext } from '../reader.ts';
import { filledTemplates } from './filled-template.ts';
import { type Launch, programName, readLaunchCommand } from './launcher.ts';
import { isSideWork, putLaunch } from './put-command.ts';
import { putVariables } from './put-variables.ts';
import { leaveOpen, newSheet, type Sheet, type Survey, survey } from './sheet.ts';

/** What a reader of shell scripts adds to the launches in them. */
export interface ScriptForm {
  readonly reader: string;
  /** Names that the scheduler sets, from the script's header. */
  readonly environment?: ReadonlyMap<string, ShellWord>;
  /** Puts what the header says, before any launch. */
  putHeader?(sheet: Sheet, script: ShellReading): void;
  /** Where the header stands, for a job whose launch is not understood. */
  readonly header?: Span;
  /** The job's name where the header has one. */
  readonly name?: string;
}

/** Every workload that a shell script launches, the training ones alone where there are any. */
export function scriptSurveys(file: SourceFile, context: ReadContext, form: ScriptForm): readonly Survey[] {
  const parse = (text: string) => context.syntax.parse('bash', text);
  const environment = new Map<string, ShellWord>(form.environment ?? []);
  for (const [name, word] of context.command?.environment ?? []) environment.set(name, toShellWord(word));
  const script = readShell(context.syntax.tree(file), file.text, file.uri, {
    parse,
    environment,
    source: (path) => context.file(path, file),
    ...(context.command ? { positional: context.command.words.map(toShellWord) } : {}),
  });
  const launches = script.commands.flatMap((command): Launch[] => {
    const launch = readLaunchCommand(command);
    return launch && !isSideWork(launch) ? [launch] : [];
  });
  const found = launches.map((launch) => {
    const sheet = newSheet(file);
    form.putHeader?.(sheet, script);
    putLaunch(sheet, launch);
    dropForgottenDollars(sheet, script);
    return { sheet, launch };
  });
  const training = found.filter(({ sheet }) => statesTraining(sheet));
  const started = found.filter(
    ({ sheet, launch }) => startsWork(launch) || sheet.references.some(({ role }) => role === 'config'),
  );
  const kept = distinct(training.length > 0 ? training : started);
  const embedded = writtenFiles(script);
  for (const { sheet } of kept) settleWritten(sheet, embedded);
  // Several programs may share the devices of one job.
  if (found.length > 1) for (const { sheet } of kept) sheet.against.length = 0;
  const base = form.name ?? file.uri.slice(file.uri.lastIndexOf('/') + 1);
  const filled = filledTemplates(file, script, form.reader, base);
  if (kept.length === 0) return filled.length > 0 ? filled : withoutLaunch(file, script, form, base);
  return kept.map(({ sheet, launch }, index) => {
    const name = index === 0 ? base : `${base} (${index + 1})`;
    const anchor = launch.command.words[0]?.at ?? launch.program.at;
    const one = survey(
      sheet,
      form.reader,
      name,
      'launcher',
      anchor.uri === file.uri ? anchor : { uri: file.uri, start: 0, end: 0 },
    );
    return embedded.length > 0 ? { ...one, reading: { ...one.reading, embedded } } : one;
  });
}

/** A model called like a variable of the script is that variable with its `$` forgotten: nobody meant the literal. */
function dropForgottenDollars(sheet: Sheet, script: ShellReading): void {
  const index = sheet.facts.findIndex(
    ({ name, value }) => (name === 'model.name' || name === 'data.dataset') && script.variables.has(String(value)),
  );
  const fact = sheet.facts[index];
  if (fact?.origin.kind !== 'code') return;
  sheet.facts.splice(index, 1);
  const reason = `\`${String(fact.value)}\` is a variable of this script, used without its \`$\`.`;
  sheet.writers.delete(fact.name);
  leaveOpen(sheet, fact.name, reason, fact.origin.span);
}

/** A word of a command as the evaluator has it. */
function toShellWord(word: Word): ShellWord {
  return 'pieces' in word ? (word as ShellWord) : plainWord(word.text, word.span);
}

/** True where a sheet tells of an optimiser's run or of an inference server. */
function statesTraining(sheet: Sheet): boolean {
  return [...sheet.facts, ...sheet.open].some((fact) =>
    /^optimizer\.(lr|name|scheduler|weight_decay)$|^training\.(epochs|max_steps|train_samples|gradient_accumulation_steps|method)$|^lora\.|^rl\.|^serving\.engine$|^parallel\.(strategy|zero_stage)$/.test(
      fact.name,
    ),
  );
}

/** True where a command starts a program on devices, or a program of which more may be known from its own text. */
function startsWork(launch: Launch): boolean {
  const devices = launch.launchers.some((launcher) => launcher.id !== 'srun' && launcher.id !== 'other');
  const side =
    /(?:^|[/_.-])(eval|evaluate|evaluation|inference|infer|predict|generate|demo|benchmark|bench|analy[sz]e|visuali[sz]e)/i;
  const trains = /\b(?:train|pretrain|finetune\w*|sft|rlhf|pt|dpo|grpo|kto)$/.test(programName(launch));
  return (devices || trains || launch.kind !== 'tool') && !side.test(launch.program.text);
}

/** A loop or two branches can start one program with the same words: that is one workload. */
function distinct<T extends { readonly launch: Launch }>(found: readonly T[]): readonly T[] {
  const seen = new Set<string>();
  return found.filter(({ launch }) => {
    const key = launch.command.words.map((word) => word.text).join('\u0000');
    return !seen.has(key) && seen.add(key);
  });
}

function writtenFiles(script: ShellReading): readonly EmbeddedFile[] {
  const files = new Map<string, EmbeddedFile>();
  for (const { path, text, map } of script.written) {
    if (!files.has(path.text)) files.set(path.text, { path: path.text, text, map });
  }
  return [...files.values()];
}

/** A config that the script writes itself is known, however its name is put together. */
function settleWritten(sheet: Sheet, embedded: readonly EmbeddedFile[]): void {
  const known = sheet.references.some(
    (one) => one.role === 'config' && embedded.some((file) => file.path === one.path),
  );
  const index = known ? sheet.open.findIndex((fact) => fact.name === 'parallel.zero_stage') : -1;
  if (index >= 0) sheet.open.splice(index, 1);
}

/** A job whose launch is in another file: its header, or the names that it sets for that file. */
function withoutLaunch(file: SourceFile, script: ShellReading, form: ScriptForm, name: string): readonly Survey[] {
  const sheet = newSheet(file);
  form.putHeader?.(sheet, script);
  if (script.unread.length > 0) putVariables(sheet, script.variables);
  const devices = sheet.facts.some((fact) => /^hardware\.(gpus_per_node|total_gpus|accelerator)/.test(fact.name));
  const open = sheet.open.some((fact) => fact.name === 'hardware.gpus_per_node');
  const names = sheet.facts.filter((fact) => /^(parallel|training|model|optimizer)\./.test(fact.name));
  if (!devices && !open && names.length < 3) return [];
  const place =
    form.header ?? sheet.facts.flatMap((fact) => (fact.origin.kind === 'code' ? [fact.origin.span] : []))[0];
  return place ? [survey(sheet, form.reader, name, 'launcher', place)] : [];
}
