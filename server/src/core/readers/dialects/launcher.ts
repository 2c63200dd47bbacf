import type { ShellCommand } from '../../evaluate/shell.ts';
import type { ShellWord } from '../../evaluate/shell-word.ts';
import { type Flag, readLauncherOptions, readOptions } from './flag.ts';
import { readRunaiSubmit } from './runai-submit.ts';

/** A program that starts another one on one or more devices. */
export type LauncherId =
  | 'torchrun'
  | 'accelerate'
  | 'deepspeed'
  | 'composer'
  | 'tune'
  | 'srun'
  | 'sbatch'
  | 'mpirun'
  | 'horovodrun'
  | 'ray'
  | 'fabric'
  | 'runai'
  | 'other';

/** One launcher of a chain (`srun torchrun ...`), outermost first. */
export interface Launcher {
  readonly id: LauncherId;
  readonly word: ShellWord;
  readonly flags: readonly Flag[];
}

/** A command taken apart: the launchers around a program, the program, and its own words. */
export interface Launch {
  readonly command: ShellCommand;
  readonly launchers: readonly Launcher[];
  /** The script, module or tool that runs in the end: a path, a dotted module name, or a tool with its verb. */
  readonly program: ShellWord;
  readonly kind: 'script' | 'module' | 'tool' | 'shell';
  /** Words after the program. */
  readonly words: readonly ShellWord[];
}

interface LauncherForm {
  readonly id: LauncherId;
  readonly bare: ReadonlySet<string>;
  readonly pairs?: ReadonlySet<string>;
  /** Words of the launcher's own name after the first (`accelerate launch`). */
  readonly verb?: RegExp;
}

const set = (names: string) => new Set(names.split(' '));
const torchrunBare = set('standalone m module no_python run_path use_env virtual_local_rank');

const forms: ReadonlyMap<string, LauncherForm> = new Map<string, LauncherForm>([
  ['torchrun', { id: 'torchrun', bare: torchrunBare }],
  ['torchrun_local', { id: 'torchrun', bare: torchrunBare }],
  [
    'accelerate',
    {
      id: 'accelerate',
      verb: /^launch$/,
      bare: set(
        'cpu multi_gpu tpu ipex use_xpu use_deepspeed use_fsdp use_parallelism_config use_megatron_lm m module no_python debug q quiet use_mps_device mps fp16 downcast_bf16 tpu_cluster no_tpu_cluster same_network enable_cpu_affinity',
      ),
    },
  ],
  [
    'deepspeed',
    {
      id: 'deepspeed',
      bare: set(
        'module no_python no_local_rank no_ssh no_ssh_check force_multi bind_cores_to_rank elastic_training save_pid',
      ),
    },
  ],
  ['ds', { id: 'deepspeed', bare: set('module no_python no_local_rank') }],
  ['composer', { id: 'composer', bare: set('m module_mode c command_mode v verbose') }],
  [
    'srun',
    {
      id: 'srun',
      bare: set(
        'l label u unbuffered exclusive v verbose pty Q quiet O overcommit s oversubscribe overlap X disable_status W_ container_mount_home no_container_mount_home container_writable no_container_entrypoint container_remap_root no_container_remap_root k no_kill spread_job',
      ),
    },
  ],
  [
    'sbatch',
    {
      id: 'sbatch',
      bare: set(
        'exclusive requeue no_requeue contiguous overcommit O oversubscribe s spread_job use_min_nodes hold H wait W kill_on_invalid_dep parsable Q quiet v verbose test_only ignore_pbs',
      ),
    },
  ],
  ...['mpirun', 'mpiexec', 'mpiexec.hydra', 'orterun', 'prun'].map((name): [string, LauncherForm] => [
    name,
    {
      id: 'mpirun',
      bare: set('allow_run_as_root oversubscribe tag_output v verbose report_bindings display_map nolocal l'),
      pairs: set('mca gmca genv env'),
    },
  ]),
  ['horovodrun', { id: 'horovodrun', bare: set('verbose gloo mpi use_gloo use_mpi disable_cache') }],
  ['fabric', { id: 'fabric', verb: /^run$/, bare: new Set() }],
  ['colossalai', { id: 'torchrun', verb: /^run$/, bare: new Set() }],
]);

/** Modules that are launchers when Python runs them. */
const moduleLaunchers: ReadonlyMap<string, string> = new Map([
  ['torch.distributed.run', 'torchrun'],
  ['torch.distributed.launch', 'torchrun'],
  ['torch.distributed.elastic', 'torchrun'],
  ['accelerate.commands.launch', 'accelerate'],
  ['deepspeed.launcher.runner', 'deepspeed'],
  ['deepspeed.launcher.launch', 'deepspeed'],
  ['composer.cli.launcher', 'composer'],
  ['horovod.runner.launch', 'horovodrun'],
]);

/** Tools that train or serve by themselves; the verb belongs to the name. */
const tools: ReadonlyMap<string, RegExp> = new Map([
  ['axolotl', /^(train|fetch|preprocess|inference|merge-lora)$/],
  ['llamafactory-cli', /^(train|export|chat|api|webui)$/],
  ['lmf', /^train$/],
  ['litgpt', /^(finetune|finetune_\w+|pretrain|serve|finetune-\w+)$/],
  ['trl', /^(sft|dpo|grpo|kto|rloo|reward|ppo|orpo|vllm-serve)$/],
  ['swift', /^(sft|rlhf|pt|deploy|infer)$/],
  ['megatron', /^(sft|rlhf|pt)$/],
  ['xtuner', /^train$/],
  ['oumi', /^(train|launch|distributed)$/],
  ['vllm', /^serve$/],
  ['sglang', /^serve$/],
  ['text-generation-launcher', /^-/],
  ['trtllm-serve', /./],
  ['lmdeploy', /^serve$/],
  ['llama-server', /^-/],
  ['aphrodite', /^run$/],
  ['nemo', /^llm$/],
  ['autotrain', /^\w/],
]);

/** Programs that only stand in front of another command. */
const wrappers =
  /^(env|nohup|time|nice|ionice|exec|sudo|stdbuf|numactl|taskset|timeout|nsys|ncu|uv|uvx|poetry|pipenv|conda|mamba|micromamba|rye|pixi|hatch|singularity|apptainer|enroot|xvfb-run|py-spy|viztracer|strace|command|yes|setsid|unbuffer|dumb-init|tini|catchsegv|likwid-pin|dcgmi|rocprof|omnitrace|aprun|jsrun|ibrun|docker|podman|nvidia-docker)$/;

const baseOf = (word: ShellWord) => word.text.slice(word.text.lastIndexOf('/') + 1);
const isPython = (word: ShellWord) =>
  /^(?:python|pypy|ipython|coverage)[\d.]*$/.test(baseOf(word)) || /python\d?\b/i.test(word.unknown ? word.text : '');

/** Takes a command apart; undefined where it starts nothing that is known to be a program of the user's or a training tool. */
export function readLaunchCommand(command: ShellCommand): Launch | undefined {
  const launchers: Launcher[] = [];
  // `runai submit ... -- bash -c '...'`: the shell's script is what the submission starts.
  const [submitter] = command.outer ?? [];
  const handed = submitter && baseOf(submitter) === 'runai' ? readRunaiSubmit(command.outer ?? []) : undefined;
  if (submitter && handed) launchers.push({ id: 'runai', word: submitter, flags: handed.flags });
  let words = command.words;
  for (let step = 0; step < 12; step += 1) {
    const [head, ...rest] = words;
    if (!head) return undefined;
    const name = baseOf(head);
    const form = forms.get(name);
    if (form && (!form.verb || form.verb.test(rest[0]?.text ?? ''))) {
      const read = readLauncherOptions(form.verb ? rest.slice(1) : rest, form.bare, form.pairs);
      launchers.push({ id: form.id, word: head, flags: read.flags });
      const asModule = read.flags.some((flag) => flag.name === 'm' || flag.name === 'module');
      const [program] = read.rest;
      if (!program) return undefined;
      if (asModule) return end(command, launchers, program, 'module', read.rest.slice(1));
      if (isProgram(program)) return end(command, launchers, program, scriptKind(program), read.rest.slice(1));
      words = read.rest;
      continue;
    }
    if (name === 'tune' && rest[0]?.text === 'run') {
      const read = readLauncherOptions(rest.slice(1), torchrunBare);
      launchers.push({ id: 'tune', word: head, flags: read.flags });
      const [program] = read.rest;
      return program ? end(command, launchers, program, 'tool', read.rest.slice(1)) : undefined;
    }
    if (name === 'ray' && rest[0]?.text === 'job' && rest[1]?.text === 'submit') {
      const read = readLauncherOptions(rest.slice(2), set('no_wait verbose'));
      launchers.push({ id: 'ray', word: head, flags: read.flags });
      words = read.rest;
      continue;
    }
    const submission = name === 'runai' ? readRunaiSubmit(words) : undefined;
    if (submission) {
      launchers.push({ id: 'runai', word: head, flags: submission.flags });
      if (submission.rest.length === 0) return end(command, launchers, head, 'tool', []);
      words = submission.rest;
      continue;
    }
    if (isPython(head)) {
      const read = readLauncherOptions(rest, set('u O OO B b s S E I q v d i x m run_module'));
      const [program] = read.rest;
      if (!program || read.flags.some((flag) => flag.name === 'c')) return undefined;
      if (name === 'coverage') return undefined;
      const asModule = read.flags.some((flag) => flag.name === 'm');
      const inner = behindDashes(read.rest);
      if (inner) {
        launchers.push({ id: 'other', word: program, flags: readOptions(inner.before).flags });
        words = inner.after;
        continue;
      }
      const launcher = asModule ? moduleLaunchers.get(program.text) : undefined;
      if (launcher) {
        const form = forms.get(launcher);
        const options = readLauncherOptions(read.rest.slice(1), form?.bare ?? new Set(), form?.pairs);
        launchers.push({ id: form?.id ?? 'other', word: program, flags: options.flags });
        const [started] = options.rest;
        if (!started) return undefined;
        const inModule = options.flags.some((flag) => flag.name === 'm' || flag.name === 'module');
        return end(command, launchers, started, inModule ? 'module' : scriptKind(started), options.rest.slice(1));
      }
      return end(command, launchers, program, asModule ? 'module' : scriptKind(program), read.rest.slice(1));
    }
    const verb = tools.get(name);
    if (verb && rest.length > 0 && verb.test(rest[0]?.text ?? '')) {
      return end(command, launchers, head, 'tool', rest);
    }
    if (isProgram(head)) return end(command, launchers, head, scriptKind(head), rest);
    const shell = /^(?:ba|z|da)?sh$/.test(name) ? rest.findIndex((word) => !/^-[a-z]+$/.test(word.text)) : -1;
    const script = shell >= 0 ? rest[shell] : undefined;
    if (script) return end(command, launchers, script, 'shell', rest.slice(shell + 1));
    if (head.unknown === undefined && !wrappers.test(name) && launchers.length === 0) return undefined;
    const next = rest.findIndex((word) => (word.unknown === undefined && isStarter(word)) || isProgram(word));
    if (next < 0) return undefined;
    words = rest.slice(next);
  }
  return undefined;
}

/** `submit.py --nodes 4 -- torchrun train.py`: a program of the user's own that starts another one, the last of a chain. */
function behindDashes(
  words: readonly ShellWord[],
): { readonly before: readonly ShellWord[]; readonly after: readonly ShellWord[] } | undefined {
  const dashes = words.findIndex((word) => word.text === '--');
  if (dashes < 1) return undefined;
  const rest = words.slice(dashes + 1);
  const chained = rest.findLastIndex((word, index) => /^(?:&&|;)$/.test(word.text) && index < rest.length - 1);
  const after = rest.slice(chained + 1);
  const [head] = after;
  return head && (isStarter(head) || isProgram(head)) ? { before: words.slice(1, dashes), after } : undefined;
}

function isStarter(word: ShellWord): boolean {
  const name = baseOf(word);
  return (
    forms.has(name) ||
    tools.has(name) ||
    name === 'tune' ||
    name === 'ray' ||
    isPython(word) ||
    /^(?:ba|z)?sh$/.test(name)
  );
}

function isProgram(word: ShellWord): boolean {
  return /\.(?:py|sh|bash|sbatch|slurm|pyc)$/.test(word.text) && !word.text.startsWith('-');
}

function scriptKind(word: ShellWord): Launch['kind'] {
  return /\.(?:sh|bash|sbatch|slurm)$/.test(word.text) ? 'shell' : 'script';
}

function end(
  command: ShellCommand,
  launchers: readonly Launcher[],
  program: ShellWord,
  kind: Launch['kind'],
  words: readonly ShellWord[],
): Launch {
  return { command, launchers, program, kind, words };
}

/** The name by which tables know the program: a tool with its verb, a module, a file's base name. */
export function programName(launch: Launch): string {
  const base = baseOf(launch.program);
  if (launch.kind === 'tool') return `${base} ${launch.words[0]?.text ?? ''}`.trim();
  return launch.kind === 'module' ? launch.program.text : base;
}

/** The flags of one launcher of the chain, the innermost where there are several. */
export function launcherNamed(launch: Launch, id: LauncherId): Launcher | undefined {
  return launch.launchers.findLast((launcher) => launcher.id === id);
}
