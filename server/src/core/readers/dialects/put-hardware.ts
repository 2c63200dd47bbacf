import type { ShellWord } from '../../evaluate/shell-word.ts';
import { derived } from '../../facts/fact.ts';
import { type Flag, flagNamed } from './flag.ts';
import { count, type Form, words } from './form.ts';
import { some, why } from './launch-forms.ts';
import { type Launch, type Launcher, launcherNamed } from './launcher.ts';
import { toPrecision } from './normalize.ts';
import { spellPrecision } from './precision-spelling.ts';
import { putSlurm } from './put-slurm.ts';
import { putWord, rewriteWord } from './put-word.ts';
import { putRunai } from './runai-submit.ts';
import { add, has, imply, leaveOpen, type Sheet, valueOn } from './sheet.ts';

/** Puts nodes, devices and what else launchers say of the machine, the outermost launcher first. */
export function putHardware(sheet: Sheet, launch: Launch): void {
  for (const launcher of launch.launchers) {
    switch (launcher.id) {
      case 'srun':
      case 'sbatch':
        putSlurm(sheet, launcher.flags);
        break;
      case 'torchrun':
      case 'tune':
        putTorchrun(sheet, launcher);
        break;
      case 'accelerate':
        putAccelerate(sheet, launcher);
        break;
      case 'deepspeed':
        putDeepspeed(sheet, launcher);
        break;
      case 'mpirun':
        putMpirun(sheet, launcher);
        break;
      case 'horovodrun':
        putTotal(sheet, flagNamed(launcher.flags, 'np', 'num_proc'));
        break;
      case 'composer':
        putDevices(sheet, flagNamed(launcher.flags, 'n', 'nproc', 'local_world_size'));
        break;
      case 'fabric':
        putDevices(sheet, flagNamed(launcher.flags, 'devices'));
        putWordOf(sheet, 'hardware.nodes', flagNamed(launcher.flags, 'num_nodes'));
        break;
      case 'runai':
        putRunai(sheet, launcher.flags);
        break;
      case 'other':
        putSubmission(sheet, launcher);
        break;
      default:
        break;
    }
  }
  putVisibleDevices(sheet, launch);
}

function putWordOf(
  sheet: Sheet,
  name: 'hardware.nodes' | 'hardware.gpus_per_node' | 'hardware.total_gpus',
  flag: Flag | undefined,
): void {
  if (flag?.value) putWord(sheet, name, flag.value, some);
}

/** A count of devices, a list of them, or a word for "all there are". */
function putDevices(sheet: Sheet, flag: Flag | undefined): void {
  const word = flag?.value;
  if (!word) return;
  if (word.unknown === undefined && /^(gpu|auto|all|-1)$/.test(word.text)) {
    leaveOpen(
      sheet,
      'hardware.gpus_per_node',
      'All devices of the machine are used, and the file does not say how many.',
      word.span,
    );
    return;
  }
  if (word.text === 'cpu') return;
  // The scheduler's header told how many there are; a launcher may start fewer.
  const asked = valueOn(sheet, 'hardware.gpus_per_node');
  if (asked !== undefined && word.unknown === undefined) putWord(sheet, 'hardware.processes_per_node', word, some);
  putWord(sheet, 'hardware.gpus_per_node', word, some);
}

/** What a program of the user's own that submits a job asks for, where its flags have the usual names. */
function putSubmission(sheet: Sheet, { flags }: Launcher): void {
  putWordOf(sheet, 'hardware.nodes', flagNamed(flags, 'num_nodes', 'nodes', 'nnodes', 'replicas'));
  putDevices(sheet, flagNamed(flags, 'gpus', 'num_gpus', 'gpus_per_node', 'ngpus'));
  const spot = flagNamed(flags, 'preemptible', 'spot', 'use_spot');
  if (spot && !spot.value) add(sheet, 'hardware.spot', true, spot.word.span);
  const retries = flagNamed(flags, 'max_retries', 'retries')?.value;
  if (retries) putWord(sheet, 'job.max_retries', retries, count);
}

/** Notes a count that contradicts what was stated before it: a launcher that starts fewer processes than there are GPUs. */
function contradict(
  sheet: Sheet,
  name: 'hardware.nodes' | 'hardware.gpus_per_node',
  word: ShellWord | undefined,
): void {
  const known = sheet.facts.find((fact) => fact.name === name);
  const said = word && word.unknown === undefined ? some.read(word.text) : undefined;
  if (!word || !said || known?.origin.kind !== 'code' || known.value === said.value) return;
  sheet.against.push(derived(name, said.value, word.span));
}

function putTorchrun(sheet: Sheet, launcher: Launcher): void {
  const { flags } = launcher;
  const nodes = flagNamed(flags, 'nnodes', 'nnode')?.value;
  contradict(sheet, 'hardware.nodes', nodes);
  contradict(sheet, 'hardware.gpus_per_node', flagNamed(flags, 'nproc_per_node', 'nproc')?.value);
  const range = nodes?.unknown === undefined ? /^(\d+):(\d+)$/.exec(nodes?.text ?? '') : null;
  if (nodes && range && range[1] !== range[2]) {
    leaveOpen(sheet, 'hardware.nodes', `The job is elastic: ${range[1]} to ${range[2]} nodes.`, nodes.span);
    add(sheet, 'job.min_replicas', Number(range[1]), nodes.span, true);
    add(sheet, 'job.max_replicas', Number(range[2]), nodes.span, true);
  } else if (nodes && range) add(sheet, 'hardware.nodes', Number(range[1]), nodes.span, true);
  else if (nodes) putWord(sheet, 'hardware.nodes', nodes, some);
  putDevices(sheet, flagNamed(flags, 'nproc_per_node', 'nproc'));
}

function putAccelerate(sheet: Sheet, launcher: Launcher): void {
  const { flags } = launcher;
  putWordOf(sheet, 'hardware.nodes', flagNamed(flags, 'num_machines'));
  putWordOf(sheet, 'hardware.total_gpus', flagNamed(flags, 'num_processes'));
  const total = flagNamed(flags, 'num_processes')?.value;
  const machines = flagNamed(flags, 'num_machines')?.value;
  const perNode = Number(total?.text) / Number(machines?.text ?? '1');
  if (total && Number.isInteger(perNode) && perNode > 0 && !total.unknown && !machines?.unknown) {
    const known = has(sheet, 'hardware.gpus_per_node');
    imply(sheet, 'hardware.gpus_per_node', perNode, total.span, why, ...(machines ? [machines.span] : []));
    if (!known) {
      sheet.writers.set('hardware.gpus_per_node', (value) =>
        rewriteWord(sheet, total, String(Number(value) * Number(machines?.text ?? '1'))),
      );
    }
  }
  const ids = flagNamed(flags, 'gpu_ids')?.value;
  if (ids && /^\d+(,\d+)*$/.test(ids.text))
    imply(sheet, 'hardware.gpus_per_node', ids.text.split(',').length, ids.span, why);
  const precision = flagNamed(flags, 'mixed_precision')?.value;
  if (precision) putMixedPrecision(sheet, precision);
  if (flags.some((flag) => flag.name === 'fp16')) imply(sheet, 'training.precision', 'fp16', launcher.word.span, why);
  for (const [name, strategy] of [
    ['use_deepspeed', 'deepspeed'],
    ['use_fsdp', 'fsdp'],
    ['multi_gpu', 'ddp'],
  ] as const) {
    const flag = flagNamed(flags, name);
    if (flag) imply(sheet, 'parallel.strategy', strategy, flag.word.span, why);
  }
  const stage = flagNamed(flags, 'zero_stage')?.value;
  if (stage) putWord(sheet, 'parallel.zero_stage', stage, count);
  const accumulation = flagNamed(flags, 'gradient_accumulation_steps')?.value;
  if (accumulation) putWord(sheet, 'training.gradient_accumulation_steps', accumulation, some);
  for (const [name, fact] of [
    ['offload_optimizer_device', 'parallel.offload_optimizer'],
    ['offload_param_device', 'parallel.offload_params'],
  ] as const) {
    const word = flagNamed(flags, name)?.value;
    if (word) putWord(sheet, fact, word, words, { asWritten: true });
  }
  const sharding = flagNamed(flags, 'fsdp_sharding_strategy')?.value;
  const kinds: Readonly<Record<string, string>> = {
    '1': 'full_shard',
    '2': 'shard_grad_op',
    '3': 'no_shard',
    '4': 'hybrid_shard',
  };
  if (sharding && !sharding.unknown) {
    add(sheet, 'parallel.fsdp_sharding', kinds[sharding.text] ?? sharding.text.toLowerCase(), sharding.span, true);
  }
}

/** The precision that a launcher sets; `no` says that it sets none. */
export function putMixedPrecision(sheet: Sheet, word: ShellWord): void {
  if (/^no(ne)?$/i.test(word.text)) {
    add(sheet, 'training.mixed_precision', 'none', word.span, true);
    return;
  }
  const precision: Form<string> = {
    read: (text) => {
      const value = toPrecision(text);
      return value === undefined ? undefined : { value };
    },
    spell: (value, old) => spellPrecision(value, old) ?? (value === 'fp32' ? 'no' : value),
  };
  putWord(sheet, 'training.precision', word, precision);
}

function putDeepspeed(sheet: Sheet, launcher: Launcher): void {
  const { flags } = launcher;
  contradict(sheet, 'hardware.nodes', flagNamed(flags, 'num_nodes')?.value);
  putWordOf(sheet, 'hardware.nodes', flagNamed(flags, 'num_nodes'));
  const gpus = flagNamed(flags, 'num_gpus', 'num_accelerators');
  contradict(sheet, 'hardware.gpus_per_node', gpus?.value);
  putDevices(sheet, gpus);
  const include = flagNamed(flags, 'include', 'i')?.value;
  const hosts = include?.unknown === undefined ? (include?.text.split('@') ?? []) : [];
  const slots = hosts.map((host) => host.split(':')[1]?.split(',').length ?? 0);
  if (include && slots[0] && slots.every((one) => one === slots[0])) {
    imply(sheet, 'hardware.gpus_per_node', slots[0], include.span, why);
    imply(sheet, 'hardware.nodes', hosts.length, include.span, why);
  }
  if (!gpus && !include) {
    leaveOpen(
      sheet,
      'hardware.gpus_per_node',
      'DeepSpeed uses all GPUs of its hosts, and the file does not say how many there are.',
      launcher.word.span,
    );
  }
}

function putMpirun(sheet: Sheet, launcher: Launcher): void {
  const perNode = flagNamed(launcher.flags, 'npernode', 'N', 'ppn', 'ntasks_per_node')?.value;
  if (perNode) putWord(sheet, 'hardware.processes_per_node', perNode, some);
  putTotal(sheet, flagNamed(launcher.flags, 'np', 'n', 'c'));
}

function putTotal(sheet: Sheet, flag: Flag | undefined): void {
  if (flag?.value) putWord(sheet, 'hardware.total_gpus', flag.value, some, { derived: true });
}

/** `CUDA_VISIBLE_DEVICES=0,1` fixes the devices of the one machine that a command runs on. */
function putVisibleDevices(sheet: Sheet, launch: Launch): void {
  const word =
    launch.command.environment.get('CUDA_VISIBLE_DEVICES') ?? launch.command.environment.get('HIP_VISIBLE_DEVICES');
  if (!word || word.unknown !== undefined || !/^\d+(?:,\s*\d+)*,?$/.test(word.text)) return;
  const number = word.text.split(',').filter((one) => one.trim() !== '').length;
  const counted = [...sheet.facts, ...sheet.open].some((fact) => /^hardware\.(nodes|total_gpus)$/.test(fact.name));
  dropOpen(sheet, 'hardware.gpus_per_node');
  imply(sheet, 'hardware.gpus_per_node', number, word.span, why);
  if (!counted && !launcherNamed(launch, 'mpirun')) imply(sheet, 'hardware.total_gpus', number, word.span, why);
}

/** Takes back that a fact is open, where a later word fixes it. */
function dropOpen(sheet: Sheet, name: 'hardware.gpus_per_node'): void {
  const index = sheet.open.findIndex((fact) => fact.name === name);
  if (index >= 0) sheet.open.splice(index, 1);
}
