import { type ShellWord, sliceWord } from '../../evaluate/shell-word.ts';
import type { Command, Reference } from '../../facts/reading.ts';
import type { FactName } from '../../facts/vocabulary.ts';
import { type Flag, flagNamed, type Options } from './flag.ts';
import { words as asText } from './form.ts';
import { type Launch, launcherNamed, programName } from './launcher.ts';
import { putWord } from './put-word.ts';
import type { Sheet } from './sheet.ts';

const configFlags = [
  'config',
  'config_file',
  'config_path',
  'cfg',
  'c',
  'conf',
  'job.config_file',
  'config_name',
  'yaml',
  'recipe',
  'cfg_path',
] as const;

const sideConfigs = [
  'deepspeed',
  'deepspeed_config',
  'deepspeed_config_file',
  'ds_config',
  'fsdp_config',
  'model_config',
  'accelerate_config',
  'peft_config',
] as const;

/** Puts the files that a command names: the program it starts, the configs that launchers and program are given. */
export function putReferences(sheet: Sheet, launch: Launch, options: Options): void {
  const { references } = sheet;
  const config = (word: ShellWord | undefined, overrides: readonly FactName[] = []) => {
    if (!word || !/\.(?:ya?ml|json|json5|toml|py)$/.test(word.text)) return;
    const reference: Reference = { path: word.text, role: 'config', span: word.span };
    references.push(overrides.length > 0 ? { ...reference, overrides } : reference);
  };
  const program = programPath(launch);
  if (program !== undefined) {
    const command: Command = { environment: launch.command.environment, words: launch.words };
    references.push({
      path: program,
      role: launch.kind === 'shell' ? 'launcher' : 'program',
      span: launch.program.span,
      command,
    });
  }
  const accelerate = launcherNamed(launch, 'accelerate');
  if (accelerate) config(flagNamed(accelerate.flags, 'config_file')?.value, overridden(accelerate.flags));
  config(accelerate && flagNamed(accelerate.flags, 'deepspeed_config_file')?.value);
  for (const name of sideConfigs) config(flagNamed(options.flags, name)?.value);
  if (launch.kind === 'shell') return;
  const named = configOf(options);
  config(named);
  for (const word of options.positional) if (word !== named) config(word);
  if (named) putWord(sheet, 'job.config', withoutOpenFront(named), asText);
  putHydraConfig(sheet, options.flags);
  putRegistry(sheet, launch, options.flags);
}

/** Flags of `accelerate launch` that hold over its config file. */
const accelerateFlags: Readonly<Record<string, readonly FactName[]>> = {
  num_machines: ['hardware.nodes', 'hardware.gpus_per_node'],
  num_processes: ['hardware.total_gpus', 'hardware.gpus_per_node'],
  mixed_precision: ['training.precision', 'training.mixed_precision'],
  zero_stage: ['parallel.zero_stage'],
  gradient_accumulation_steps: ['training.gradient_accumulation_steps'],
};

function overridden(flags: readonly Flag[]): readonly FactName[] {
  return [...new Set(flags.flatMap((flag) => accelerateFlags[flag.name] ?? []))];
}

/** The main config of a program: a flag for it, or the first word that is a config file. */
function configOf(options: Options): ShellWord | undefined {
  // `--config-name` is Hydra's; `--config_name` is the model's config in many programs.
  const flag = options.flags.find(
    (one) =>
      (configFlags as readonly string[]).includes(one.name) &&
      one.word.text.startsWith('-') &&
      !one.word.text.startsWith('--config_name'),
  );
  // A single letter says little: `-c` is a config only where its value is a file.
  if (flag?.value && (flag.name.length > 1 || /\.\w{2,5}$/.test(flag.value.text))) return flag.value;
  return options.positional.find((word) => /\.(?:ya?ml|toml)$/.test(word.text));
}

/** The path of what is started, for a script or a module of the workspace. */
function programPath(launch: Launch): string | undefined {
  const { program, kind } = launch;
  if (kind === 'tool') return /\.py$/.test(program.text) ? program.text : undefined;
  if (kind !== 'module') return program.text;
  return /^[A-Za-z_][\w.]*$/.test(program.text) ? `${program.text.replaceAll('.', '/')}.py` : undefined;
}

/** `${PWD}/conf/a.json` without the folder that only a run can tell. */
function withoutOpenFront(word: ShellWord): ShellWord {
  const [first, second] = word.pieces;
  if (first?.unknown === undefined || !second || word.pieces.length > 2 || !second.text.startsWith('/')) return word;
  return sliceWord(word, first.text.length + 1);
}

/** Hydra's `--config-path=conf --config-name=run` names `conf/run.yaml`. */
function putHydraConfig(sheet: Sheet, flags: readonly Flag[]): void {
  const [path, name] = [flagNamed(flags, 'config_path', 'cp')?.value, flagNamed(flags, 'config_name', 'cn')?.value];
  if (!name || name.unknown !== undefined) return;
  const file = /\.ya?ml$/.test(name.text) ? name.text : `${name.text}.yaml`;
  const folder = path && path.unknown === undefined ? `${path.text.replace(/\/$/, '')}/` : '';
  sheet.references.push({ path: folder + file, role: 'config', span: name.span });
}

/** torchtitan's `--module llama3 --config llama3_8b`: a function of the model's config registry. */
function putRegistry(sheet: Sheet, launch: Launch, flags: readonly Flag[]): void {
  const [model, config] = [flagNamed(flags, 'module')?.value, flagNamed(flags, 'config')?.value];
  if (!model || !config || model.unknown || config.unknown || !/torchtitan/.test(programName(launch))) return;
  const reference: Reference = {
    path: `torchtitan/models/${model.text}/config_registry.py`,
    role: 'config',
    span: config.span,
    select: config.text,
  };
  sheet.references.push(reference);
}
