import type { ShellWord } from '../../evaluate/shell-word.ts';
import { derived } from '../../facts/fact.ts';
import { toAccelerator } from './accelerator-name.ts';
import { spellAccelerator } from './accelerator-spelling.ts';
import { type Flag, flagNamed } from './flag.ts';
import { count, type Form, words } from './form.ts';
import { type Launch, type Launcher, launcherNamed } from './launcher.ts';
import { toFlag, toPrecision } from './normalize.ts';
import { spellPrecision } from './precision-spelling.ts';
import { putWord, rewriteWord, sentence } from './put-word.ts';
import { toSlurmHours } from './quantity.ts';
import { putRunai } from './runai-submit.ts';
import { add, has, imply, leaveOpen, type Sheet, valueOn } from './sheet.ts';

const why = 'This follows from how the job is launched; change the launcher instead.';

/** A positive count. */
const some: Form<number> = {
  read: (text) => {
    const formed = count.read(text);
    return formed && formed.value > 0 ? formed : undefined;
  },
  spell: count.spell,
};

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

/** Options that `sbatch`, `srun` and the header of a job script share. */
export function putSlurm(sheet: Sheet, flags: readonly Flag[]): void {
  const value = (...names: readonly string[]) => flagNamed(flags, ...names)?.value;
  const nodes = value('nodes', 'N');
  const range = nodes?.unknown === undefined ? /^(\d+)-(\d+)$/.exec(nodes?.text ?? '') : null;
  if (nodes && range && range[1] !== range[2]) {
    leaveOpen(sheet, 'hardware.nodes', `Slurm may give ${range[1]} to ${range[2]} nodes.`, nodes.span);
  } else if (nodes) putWord(sheet, 'hardware.nodes', nodes, some);
  putGres(sheet, value('gpus_per_node'), 1);
  const gres = value('gres');
  if (gres && /(?:^|,)(?:gres[:/])?gpu/.test(gres.text)) putGres(sheet, gres, 1);
  const perTask = value('gpus_per_task');
  if (perTask) putGres(sheet, perTask, tasksPerNode(flags));
  const total = value('gpus', 'G');
  if (total) putTotalGpus(sheet, total, nodes);
  const limit = value('time', 't');
  if (limit) {
    putWord(sheet, 'hardware.time_limit_hours', limit, {
      read: (text) => {
        const hours = toSlurmHours(text);
        return hours === undefined || hours === 0 ? undefined : { value: hours, derived: true };
      },
      spell: slurmTime,
    });
  }
  const constraint = value('constraint', 'C');
  if (constraint && !constraint.unknown) putConstraint(sheet, constraint);
  for (const [fact, names] of [
    ['job.name', ['job_name', 'J']],
    ['job.queue', ['partition', 'p']],
  ] as const) {
    const word = value(...names);
    if (word) putWord(sheet, fact, word, words);
  }
  const cpus = value('cpus_per_task', 'c');
  if (cpus) putWord(sheet, 'resources.cpus_per_task', cpus, some);
  const memory = value('mem');
  if (memory) {
    putWord(sheet, 'resources.memory_gb', memory, {
      read: (text) => {
        const found = /^(\d+(?:\.\d+)?)([KMGT]?)B?$/i.exec(text);
        const unit = { K: 1e-6, M: 1e-3, G: 1, T: 1e3 }[(found?.[2] ?? '').toUpperCase() || 'M'];
        return found && unit && Number(found[1]) > 0 ? { value: Number(found[1]) * unit } : undefined;
      },
      spell: (wanted) => `${wanted}G`,
    });
  }
  const requeue = toFlag(String(value('requeue')?.text ?? ''));
  if (requeue) add(sheet, 'job.max_retries', 1, value('requeue')?.span ?? sheetSpan(sheet), true);
}

function sheetSpan(sheet: Sheet) {
  return { uri: sheet.file.uri, start: 0, end: 0 };
}

/** Hours in the way Slurm writes them. */
function slurmTime(hours: number): string {
  const minutes = Math.round(hours * 60);
  const [days, rest] = [Math.floor(minutes / 1440), minutes % 1440];
  const clock = `${String(Math.floor(rest / 60)).padStart(2, '0')}:${String(rest % 60).padStart(2, '0')}:00`;
  return days > 0 ? `${days}-${clock}` : clock;
}

/** `8`, `a100:8`, `gpu:8`, `gpu:a100:8`, each meaning that many for each of `factor` tasks of a node. */
function putGres(sheet: Sheet, word: ShellWord | undefined, factor: number | undefined): void {
  if (!word) return;
  if (word.unknown !== undefined || /\{\{/.test(word.text)) {
    leaveOpen(
      sheet,
      'hardware.gpus_per_node',
      word.unknown === undefined ? 'A template fills this in.' : sentence(word.unknown),
      word.span,
    );
    return;
  }
  const part = word.text.split(',').find((one) => /gpu|^[\w.-]*:?\d+$/.test(one)) ?? '';
  const found = /^(?:gres[:/])?(?:gpu(?::|$))?(?:([A-Za-z][\w.-]*):?)?(\d+)?(?:\(.*\))?$/.exec(part);
  if (!found || (!found[2] && found[1] && !toAccelerator(found[1]))) {
    leaveOpen(sheet, 'hardware.gpus_per_node', `\`${word.text}\` does not say how many GPUs.`, word.span);
    return;
  }
  putDeviceWord(sheet, word, found[1]);
  if (factor === undefined) return;
  const number = Number(found[2] ?? '1') * factor;
  const plain = /^\d+$/.test(word.text) && factor === 1;
  if (plain) putWord(sheet, 'hardware.gpus_per_node', word, count);
  else if (factor === 1 && found[2] && !has(sheet, 'hardware.gpus_per_node')) {
    putWord(sheet, 'hardware.gpus_per_node', word, {
      read: () => ({ value: number }),
      spell: (wanted) => word.text.replace(/\d+(?=(?:\(.*\))?(?:,|$))/, String(wanted)),
    });
  } else imply(sheet, 'hardware.gpus_per_node', number, word.span, why);
}

/** The type of GPU inside a word such as `gpu:a100:4`, in the cluster's own letter case. */
function putDeviceWord(sheet: Sheet, word: ShellWord, type: string | undefined): void {
  const device = type === undefined ? undefined : toAccelerator(type);
  if (type === undefined || !device || has(sheet, 'hardware.accelerator')) return;
  add(sheet, 'hardware.accelerator', device, word.span, true);
  sheet.writers.set('hardware.accelerator', (value) => {
    const spelled = spellAccelerator(String(value), 'short') ?? String(value);
    const name = type === type.toLowerCase() ? spelled.toLowerCase() : spelled;
    return rewriteWord(sheet, word, word.text.replace(type, type.includes('_') ? name.replaceAll('-', '_') : name));
  });
}

function putTotalGpus(sheet: Sheet, word: ShellWord, nodes: ShellWord | undefined): void {
  const found = /^(?:([A-Za-z][\w.-]*):)?(\d+)$/.exec(word.text);
  if (word.unknown !== undefined || !found) {
    leaveOpen(
      sheet,
      'hardware.total_gpus',
      word.unknown === undefined ? 'This is no number of GPUs.' : sentence(word.unknown),
      word.span,
    );
    return;
  }
  putDeviceWord(sheet, word, found[1]);
  putWord(sheet, 'hardware.total_gpus', word, {
    read: () => ({ value: Number(found[2]) }),
    spell: (wanted) => word.text.replace(/\d+$/, String(wanted)),
  });
  const perNode = Number(found[2]) / Number(nodes?.text ?? '1');
  if (Number.isInteger(perNode) && perNode > 0) imply(sheet, 'hardware.gpus_per_node', perNode, word.span, why);
}

function tasksPerNode(flags: readonly Flag[]): number | undefined {
  const number = (...names: readonly string[]) => {
    const word = flagNamed(flags, ...names)?.value;
    return word && word.unknown === undefined && /^\d+$/.test(word.text) ? Number(word.text) : undefined;
  };
  const perNode = number('ntasks_per_node');
  if (perNode !== undefined) return perNode;
  const tasks = number('ntasks', 'n');
  const nodes = number('nodes', 'N') ?? 1;
  if (tasks === undefined) return 1;
  return Number.isInteger(tasks / nodes) ? tasks / nodes : undefined;
}

/** A node feature that names a device: `a100`, `h100_80gb`, `volta32gb`. */
function putConstraint(sheet: Sheet, word: ShellWord): void {
  const alternatives = word.text.replace(/[[\]()"]/g, '').split(/[|&,]/);
  const devices = alternatives.flatMap((one) => {
    const name = one.replace(/^volta/i, 'v100-').replace(/^hopper/i, 'h100-');
    const device = toAccelerator(name.replace(/-$/, ''));
    return device ? [device] : [];
  });
  const [first, ...rest] = [...new Set(devices)];
  if (!first) return;
  const [only] = alternatives;
  if (only !== undefined && alternatives.length === 1 && toAccelerator(only)) putDeviceWord(sheet, word, only);
  else if (rest.length === 0 || word.text.includes('&')) imply(sheet, 'hardware.accelerator', first, word.span, why);
  else add(sheet, 'hardware.accelerator_candidates', [first, ...rest], word.span, true);
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
