import { type ShellWord, sliceWord } from '../../evaluate/shell-word.ts';
import type { Command, Reference } from '../../facts/reading.ts';
import type { FactName } from '../../facts/vocabulary.ts';
import { type Flag, flagNamed, type Options } from './flag.ts';
import { words as asText } from './form.ts';
import { type Launch, launcherNamed, programName } from './launcher.ts';
import { putSlurm } from './put-slurm.ts';
import { putWord } from './put-word.ts';
import { newSheet, type Sheet } from './sheet.ts';
import { slurmEnvironment } from './slurm-header.ts';

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
  'dataset_config',
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
    const submitted = launcherNamed(launch, 'sbatch');
    const environment = new Map([
      ...launch.command.environment,
      ...(submitted ? submittedEnvironment(submitted.flags) : []),
    ]);
    const command: Command = { environment, words: launch.words };
    const overrides = submitted ? submittedFacts(sheet, submitted.flags) : [];
    references.push({
      path: program,
      role: launch.kind === 'shell' ? 'launcher' : 'program',
      span: launch.program.span,
      command,
      ...(overrides.length > 0 ? { overrides } : {}),
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

/** What `sbatch` sets for the script: Slurm's own names, and those that `--export` lists. */
function submittedEnvironment(flags: readonly Flag[]): ReadonlyMap<string, ShellWord> {
  const environment = new Map(slurmEnvironment({ flags, comments: [] }));
  const exported = flagNamed(flags, 'export')?.value;
  if (!exported) return environment;
  for (const part of /^ALL,|,/.test(exported.text) ? splitWord(exported, ',') : [exported]) {
    const equals = part.text.indexOf('=');
    if (equals > 0) environment.set(part.text.slice(0, equals), sliceWord(part, equals + 1));
  }
  return environment;
}

function splitWord(word: ShellWord, separator: string): readonly ShellWord[] {
  const parts: ShellWord[] = [];
  let from = 0;
  for (let to = word.text.indexOf(separator); to >= 0; to = word.text.indexOf(separator, from)) {
    parts.push(sliceWord(word, from, to));
    from = to + separator.length;
  }
  return [...parts, sliceWord(word, from)];
}

/** Flags of `sbatch` hold over the directives of the script. */
function submittedFacts(sheet: Sheet, flags: readonly Flag[]): readonly FactName[] {
  const own = newSheet(sheet.file);
  putSlurm(own, flags);
  const names = [...own.facts, ...own.open].map(({ name }) => name);
  const devices = names.some((name) => /^hardware\.(?:nodes|gpus_per_node|total_gpus)$/.test(name));
  return devices && !names.includes('hardware.total_gpus') ? [...names, 'hardware.total_gpus'] : names;
}

/** Flags of `accelerate launch` that hold over its config file. */
const accelerateFlags: Readonly<Record<string, readonly FactName[]>> = {
  num_machines: ['hardware.nodes', 'hardware.gpus_per_node'],
  num_processes: ['hardware.total_gpus', 'hardware.gpus_per_node'],
  mixed_precision: ['training.precision', 'training.mixed_precision'],
  zero_stage: ['parallel.zero_stage'],
  gradient_accumulation_steps: ['training.gradient_accumulation_steps'],
  use_fsdp: ['parallel.strategy'],
  use_deepspeed: ['parallel.strategy'],
  multi_gpu: ['parallel.strategy'],
  fsdp_sharding_strategy: ['parallel.fsdp_sharding'],
  offload_optimizer_device: ['parallel.offload_optimizer'],
  offload_param_device: ['parallel.offload_params'],
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
