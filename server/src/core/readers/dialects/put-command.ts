import type { ShellCommand } from '../../evaluate/shell.ts';
import type { DataNode } from '../../syntax/data.ts';
import { at } from '../../syntax/data.ts';
import type { Syntax } from '../../syntax/syntax.ts';
import type { OpenCommand } from './add-flag.ts';
import { containerEnvironment, listCommands } from './embedded-command.ts';
import { type Flag, flagNamed, type Options, readOptions } from './flag.ts';
import { ungroup } from './flag-group.ts';
import { openrlhfFlags } from './flag-openrlhf.ts';
import { commonFlags, type FlagTable, megatronFlags, servingFlags } from './flag-table.ts';
import { putReferences } from './launch-reference.ts';
import { allowFlags } from './launch-write.ts';
import { type Launch, programName, readLaunchCommand } from './launcher.ts';
import { engineFlags, trainingFlags } from './new-flags.ts';
import { putHardware } from './put-hardware.ts';
import { putLlamaCpp } from './put-llama-cpp.ts';
import { isOpenrlhf, putOpenrlhf } from './put-openrlhf.ts';
import { putOverrides } from './put-overrides.ts';
import { putPictures } from './put-pictures.ts';
import { putServing, servingEngine } from './put-serving.ts';
import { isSwift, putSwift, putSwiftDefaults, withoutSelf } from './put-swift.ts';
import { putModelWord, putTraining } from './put-training.ts';
import { add, imply, type Sheet } from './sheet.ts';

/** Puts what the commands of a job say: the launcher's and the program's flags, and the files they name. */
export function putCommands(sheet: Sheet, commands: readonly ShellCommand[], _syntax: Syntax): void {
  for (const command of commands) {
    const launch = readLaunchCommand(command);
    if (launch && !isSideWork(launch)) putLaunch(sheet, launch);
  }
}

/** Puts what a container runs, with its environment in force. */
export function putContainerCommand(sheet: Sheet, syntax: Syntax, container: DataNode | undefined): void {
  const environment = containerEnvironment(container);
  putCommands(sheet, listCommands(syntax, [at(container, 'command'), at(container, 'args')], environment), syntax);
}

/** Puts all that one launch says. What is on the sheet already stays. */
export function putLaunch(sheet: Sheet, launch: Launch): void {
  const options = readOptions(launch.words);
  const engine = servingEngine(launch);
  if (engine) {
    if (engine === 'llama.cpp') {
      putLlamaCpp(sheet, options.flags);
      imply(sheet, 'serving.engine', engine, launch.program.span, 'Another engine is another program.');
      return;
    }
    putServing(sheet, launch, options, engine);
    putTable(sheet, servingFlags, options.flags);
    allowFlags(sheet, commandOf(launch, options), engineFlags[engine] ?? {});
    return;
  }
  putHardware(sheet, launch);
  const swift = isSwift(launch);
  const stated = swift ? withoutSelf(plainFlags(launch, options)) : plainFlags(launch, options);
  if (launch.kind !== 'shell') {
    const known = putOverrides(sheet, launch, stated);
    if (isOpenrlhf(launch)) {
      putTable(sheet, openrlhfFlags, stated);
      putOpenrlhf(sheet, launch, stated);
    }
    const flags = known ? stated : ungroup(stated);
    if (isMegatron(flags) || /^megatron /.test(programName(launch))) putTable(sheet, megatronFlags, flags);
    putTable(sheet, commonFlags, flags);
    putTraining(sheet, flags);
    putPictures(sheet, programName(launch), flags);
    // `litgpt finetune_lora org/model`: the word after the verb is the model.
    const model = /^litgpt /.test(programName(launch)) ? options.positional[1] : undefined;
    if (model) putModelWord(sheet, model);
    if (swift) putSwift(sheet, launch, flags);
    putMethod(sheet, launch);
    putLaunchedBy(sheet, launch);
    const family = familyOf(launch, flags);
    if (family) allowFlags(sheet, commandOf(launch, options), trainingFlags[family]);
    const program = family ?? (/^litgpt /.test(programName(launch)) ? 'litgpt' : undefined);
    if (program) sheet.families.push(program);
    if (swift) putSwiftDefaults(sheet, launch, flags);
  }
  putReferences(sheet, launch, options);
}

/** The words of a launch that a flag may be added to. */
function commandOf({ program, words }: Launch, { flags }: Options): OpenCommand {
  return { words: [program, ...words], flags };
}

/** Programs whose flags are known, so that one can be added that the command lacks. */
function familyOf(launch: Launch, flags: readonly Flag[]): keyof typeof trainingFlags | undefined {
  const name = programName(launch);
  const given = flags.length > 0;
  if (isMegatron(flags) || /^megatron /.test(name)) return 'megatron';
  if (given && /^trl (?!vllm)/.test(name)) return 'trl';
  if (given && /^llamafactory-cli train/.test(name)) return 'llamafactory';
  if (isHuggingFace(flags) || isSwift(launch)) return 'hf';
  return isDiffusers(flags) ? 'diffusers' : undefined;
}

function putTable(sheet: Sheet, table: FlagTable, flags: readonly Flag[]): void {
  const last = new Map(flags.map((flag) => [flag.name.toLowerCase(), flag]));
  for (const [name, flag] of last) table.get(name)?.put(sheet, flag);
}

/** The flags whose names may be taken as they are: those that mean something else in this command are left out or renamed. */
function plainFlags(launch: Launch, options: Options): readonly Flag[] {
  const names = new Set(options.flags.map((flag) => flag.name));
  const perDevice = [
    'per_device_train_batch_size',
    'micro_batch_size',
    'micro_train_batch_size',
    'train_micro_batch_size_per_gpu',
    'per_device_training_batch_size',
  ];
  const hasPerDevice = perDevice.some((name) => names.has(name));
  const adapts =
    /lora/i.test(programName(launch)) || trainsAdapters(options.flags) || [...names].some((name) => /lora/.test(name));
  const pictures = [...names].some((name) => /frames$|^frame_buckets$|^pretrained_model_name_or_path$/.test(name));
  const takesTruth = isHuggingFace(options.flags);
  const inEpochs = names.has('total_epochs') || names.has('epochs') || names.has('num_epochs');
  return options.flags.flatMap((flag): Flag[] => {
    // Where both stand, the checkpoints' folder is the one that is read.
    if (names.has('output_dir') && /^checkpoint_(?:dir|path)$/.test(flag.name)) return [];
    if (hasPerDevice && /^(train_batch_size|batch_size)$/.test(flag.name))
      return [{ ...flag, name: 'global_batch_size' }];
    if (/^(rank|r)$/.test(flag.name) && !adapts) return [];
    // Sides of a picture only where pictures or clips are trained on.
    if (/^(?:max_)?(?:height|width)$/.test(flag.name) && !pictures) return [];
    if (flag.name === 'save_every')
      return [{ ...flag, name: inEpochs && !names.has('max_steps') ? 'save_epochs' : 'save_steps' }];
    return [takesTruth ? { ...flag, takesTruth } : flag];
  });
}

/** finetrainers names the kind of training in a flag. */
function trainsAdapters(flags: readonly Flag[]): boolean {
  return /lora/i.test(flagNamed(flags, 'training_type')?.value?.text ?? '');
}

function isMegatron(flags: readonly Flag[]): boolean {
  return flags.some((flag) =>
    /^(tensor_model_parallel_size|pipeline_model_parallel_size|use_mcore_models|train_iters|lr_decay_style|encoder_num_layers)$/.test(
      flag.name,
    ),
  );
}

function isHuggingFace(flags: readonly Flag[]): boolean {
  return flags.some((flag) => /^(per_device_train_batch_size|num_train_epochs|lr_scheduler_type)$/.test(flag.name));
}

function isDiffusers(flags: readonly Flag[]): boolean {
  return (
    flagNamed(flags, 'pretrained_model_name_or_path') !== undefined &&
    flagNamed(flags, 'train_batch_size') !== undefined
  );
}

const methods = /\b(sft|dpo|grpo|kto|rloo|reward|ppo|orpo)\b/;

function putMethod(sheet: Sheet, launch: Launch): void {
  if (launch.kind !== 'tool') return;
  const name = programName(launch);
  const verb = launch.words[0];
  const method = methods.exec(name)?.[1] ?? (/\bpretrain\b|(?:swift|megatron) pt/.test(name) ? 'pretrain' : undefined);
  if (method && verb) imply(sheet, 'training.method', method, verb.span, 'Another method is another program.');
}

/** The DeepSpeed launcher starts DeepSpeed programs. */
function putLaunchedBy(sheet: Sheet, launch: Launch): void {
  const launcher = launch.launchers.find((one) => one.id === 'deepspeed');
  if (launcher) add(sheet, 'parallel.strategy', 'deepspeed', launcher.word.span, true);
}

/** True for programs that stand beside a job: set-up, data preparation, tests, conversions. */
export function isSideWork(launch: Launch): boolean {
  const name = programName(launch).toLowerCase();
  return /^(pip|setup\.py|pytest|build|twine|black|isort|flake8|ruff|mypy|venv|virtualenv|ensurepip|http\.server|json\.tool|ipykernel|manage\.py|site|sphinx|nltk\.downloader|spacy|jupyter|notebook)\b|(?:^|[./_-])(download|prepare|preprocess|tokenize|convert|merge|export|install|upload|collect_env|test|tests|lint|format|plot|check|clean|split)(?:[._-]|$)|^axolotl (fetch|preprocess|merge)/.test(
    name,
  );
}

/** Puts the options of a training program whose name is not told. */
export function putProgramFlags(sheet: Sheet, flags: readonly Flag[]): void {
  putTable(sheet, commonFlags, flags);
  putTraining(sheet, flags);
}

/** Puts the options of a serving engine that stand in a list without the engine's name. */
export function putEngineFlags(sheet: Sheet, commands: readonly ShellCommand[], engine = ''): void {
  for (const command of commands) {
    const { flags } = readOptions(command.words);
    const model = flagNamed(flags, 'model', 'model_path', 'model_id')?.value;
    if (model) putModelWord(sheet, model);
    putTable(sheet, servingFlags, flags);
    if (flags.length > 0) allowFlags(sheet, { words: command.words, flags }, engineFlags[engine] ?? {});
  }
}
