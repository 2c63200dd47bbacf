import type { Program } from '../../../evaluate/python.ts';
import { type CallEvent, itemsOf, truthOf, type Value } from '../../../evaluate/value.ts';
import { toAccelerator } from '../accelerator-name.ts';
import { spellAccelerator } from '../accelerator-spelling.ts';
import { acceleratorsOf, isOtherAccelerator } from '../instances.ts';
import { toCpus, toGib, toHours } from '../quantity.ts';
import { argumentOf, callsOf } from './calls.ts';
import { flag, positive, text } from './forms.ts';
import { allowKeyword, imply, isTold, type Ledger, type PythonForm, put, settle } from './ledger.ts';

/** A machine type and the accelerators that it carries. */
export function putInstance(ledger: Ledger, value: Value | undefined): void {
  const settled = value && settle(value);
  if (!settled) return;
  put(ledger, 'hardware.instance_type', settled, text);
  const carried = settled.kind === 'string' ? acceleratorsOf(settled.value) : undefined;
  if (!carried) return;
  imply(ledger, 'hardware.accelerator', carried.accelerator, settled.at);
  if (isOtherAccelerator(carried.accelerator))
    imply(ledger, 'hardware.accelerators_per_node', carried.count, settled.at);
  else imply(ledger, 'hardware.gpus_per_node', carried.count, settled.at);
}

/** `"H100:8"`, `"A100-80GB:4"`, `"t4"`: an accelerator and how many; one where no number stands. */
export function putAccelerator(ledger: Ledger, value: Value | undefined): void {
  const settled = value && settle(value);
  const first = settled?.kind === 'list' ? itemsOf(settled)[0] : settled;
  if (first?.kind === 'dict') {
    const [entry] = first.store;
    const count = entry?.[1];
    const name = entry && toAccelerator(entry[0]);
    if (name !== undefined) imply(ledger, 'hardware.accelerator', name, first.at);
    if (count) put(ledger, 'hardware.gpus_per_node', count, positive);
    return;
  }
  if (first?.kind !== 'string') {
    if (first && first.kind !== 'none') put(ledger, 'hardware.accelerator', first, text);
    return;
  }
  const [name = '', many] = first.value.split(':');
  const accelerator = toAccelerator(name.replace(/!$/, ''));
  if (accelerator === undefined) return;
  const plain: PythonForm<string> = {
    read: () => ({ value: accelerator }),
    spell: (to, old) => {
      const word = spellAccelerator(to, 'short');
      return word && old.replace(/^(['"])[\w-]+/, `$1${/^['"][a-z]/.test(old) ? word.toLowerCase() : word}`);
    },
  };
  put(ledger, 'hardware.accelerator', first, plain);
  const counted: PythonForm<number> = {
    read: () => ({ value: many === undefined ? 1 : Number(many), derived: many === undefined }),
    spell: (to, old) => old.replace(/(:\d+)?(?=['"]$)/, `:${to}`),
  };
  if (many === undefined || /^\d+$/.test(many)) put(ledger, 'hardware.gpus_per_node', first, counted);
}

/** GiB of a memory quantity. */
export const memory: PythonForm<number> = {
  read: (value) => {
    const gib = value.kind === 'string' || value.kind === 'number' ? toGib(value.value) : undefined;
    return gib === undefined ? undefined : { value: gib };
  },
  spell: () => undefined,
};

const cpus: PythonForm<number> = {
  read: (value) => {
    const count = value.kind === 'string' || value.kind === 'number' ? toCpus(value.value) : undefined;
    return count === undefined ? undefined : { value: count };
  },
  spell: (to, old) => (/^['"]/.test(old) ? `"${to}"` : String(to)),
};

/** A duration that a number or text states in a unit, as hours. */
export function hoursIn(unit: 's' | 'm' | 'h' | 'd'): PythonForm<number> {
  return {
    read: (value) => {
      const hours = value.kind === 'string' || value.kind === 'number' ? toHours(value.value, unit) : undefined;
      return hours === undefined || hours <= 0 ? undefined : { value: hours, derived: true };
    },
    spell: (to, old) =>
      unit === 'h' && /^[\d_.]+$/.test(old)
        ? String(to)
        : /^[\d_.\s*]+$/.test(old)
          ? spellDuration(to * { s: 3600, m: 60, h: 1, d: 1 / 24 }[unit], old)
          : undefined,
  };
}

/** A duration as one number, or as a product whose first factor alone changes (`24 * 60 * 60`). */
function spellDuration(total: number, old: string): string {
  const [first = '', ...rest] = old.split('*');
  const unit = rest.reduce((product, factor) => product * Number(factor.replaceAll('_', '')), 1);
  const count = total / unit;
  return rest.length > 0 && Number.isInteger(count * 2)
    ? `${count}${old.slice(first.trimEnd().length)}`
    : String(Math.round(total));
}

/** What a program asks of machines through the SDK that starts it. */
export function readResources(program: Program, ledger: Ledger): void {
  const quiet = { quiet: true };
  for (const event of callsOf(
    program,
    /(^|\.)(CustomTrainer|BuiltinTrainer|CustomTrainerContainer)$|Client\.(create_job|train)$/,
  )) {
    put(
      ledger,
      'hardware.nodes',
      event.keywords.get('num_nodes') ?? event.keywords.get('num_workers'),
      positive,
      quiet,
    );
    const per = event.keywords.get('resources_per_node') ?? event.keywords.get('resources_per_worker');
    const resources = per && settle(per);
    if (resources?.kind !== 'dict') continue;
    for (const [name, value] of resources.store) {
      if (/^(gpu|[\w.]+\/gpu)$/.test(name)) put(ledger, 'hardware.gpus_per_node', value, positive);
      else if (name === 'cpu') put(ledger, 'resources.cpu_request', value, cpus);
      else if (name === 'memory') put(ledger, 'resources.memory_request_gib', value, memory);
    }
  }
  for (const event of callsOf(program, /(^|\.)notebook_launcher$/))
    put(ledger, 'hardware.gpus_per_node', argumentOf(event, 'num_processes', 2), positive, quiet);
  const cuda = /\bcuda\b|\bnccl\b/.test(program.file.text);
  for (const event of callsOf(program, /(^|\.)multiprocessing\.(spawn|start_processes)$|(^|\.)mp\.spawn$/))
    put(
      ledger,
      cuda ? 'hardware.gpus_per_node' : 'hardware.processes_per_node',
      argumentOf(event, 'nprocs', 2),
      positive,
      quiet,
    );
  readRay(program, ledger);
  readClusters(program, ledger);
  readModal(program, ledger);
  readTotal(ledger);
}

function readRay(program: Program, ledger: Ledger): void {
  for (const event of callsOf(program, /(^|\.)ScalingConfig$/)) {
    const workers = argumentOf(event, 'num_workers', 0);
    const gpus = event.keywords.get('use_gpu');
    const per = event.keywords.get('resources_per_worker');
    const each = per?.kind === 'dict' ? per.store.get('GPU') : undefined;
    if (each?.kind === 'number' && workers?.kind === 'number' && each.value !== 1)
      imply(ledger, 'hardware.total_gpus', each.value * workers.value, workers.at);
    else if (gpus && truthOf(gpus) !== false) put(ledger, 'hardware.total_gpus', workers, positive);
    const type = event.keywords.get('accelerator_type');
    const device = type?.kind === 'string' ? toAccelerator(type.value.replace(/^NVIDIA_/i, '')) : undefined;
    if (type && device !== undefined) imply(ledger, 'hardware.accelerator', device, type.at);
  }
  for (const event of callsOf(program, /(^|\.)CheckpointConfig$/))
    put(ledger, 'checkpoint.save_total_limit', event.keywords.get('num_to_keep'), positive, { quiet: true });
  for (const event of callsOf(program, /(^|\.)RunConfig$/))
    put(ledger, 'job.name', event.keywords.get('name'), text, { quiet: true });
}

/** Clusters that the program itself asks for: Runhouse and the SkyPilot SDK. */
function readClusters(program: Program, ledger: Ledger): void {
  for (const event of callsOf(program, /^(rh|runhouse)\.(\w+\.)*(cluster|ondemand_cluster|compute)$/)) {
    const type =
      event.keywords.get('instance_type') ?? event.keywords.get('gpus') ?? event.keywords.get('accelerators');
    if (type?.kind === 'string' && acceleratorsOf(type.value)) putInstance(ledger, type);
    else putAccelerator(ledger, type);
    put(ledger, 'hardware.nodes', event.keywords.get('num_instances') ?? event.keywords.get('num_nodes'), positive);
    put(ledger, 'hardware.spot', event.keywords.get('use_spot'), flag);
  }
  for (const event of callsOf(program, /^(sky|skypilot)\.(\w+\.)*Resources$/)) {
    putInstance(ledger, event.keywords.get('instance_type'));
    putAccelerator(ledger, event.keywords.get('accelerators'));
    put(ledger, 'hardware.spot', event.keywords.get('use_spot'), flag);
    allowKeyword(ledger, 'hardware.spot', event, 'use_spot', (to) => (to ? 'True' : 'False'));
    put(ledger, 'infra.region', event.keywords.get('region'), text);
  }
  for (const event of callsOf(program, /^(sky|skypilot)\.(\w+\.)*Task$/)) {
    put(ledger, 'hardware.nodes', event.keywords.get('num_nodes'), positive);
    allowKeyword(ledger, 'hardware.nodes', event, 'num_nodes', String);
  }
}

/** The first function of a Modal app that asks for GPUs: its devices, limits and cluster. Answers the call that asks. */
export function readModal(program: Program, ledger: Ledger): CallEvent | undefined {
  const functions = callsOf(program, /^modal\.(\w+\.)*(function|cls)$/);
  const made = functions.find((event) => event.keywords.has('gpu'));
  if (!made) return undefined;
  putAccelerator(ledger, made.keywords.get('gpu'));
  put(ledger, 'hardware.time_limit_hours', made.keywords.get('timeout'), hoursIn('s'));
  const retries = made.keywords.get('retries');
  const most = retries?.kind === 'object' && retries.call ? argumentOf(retries.call, 'max_retries', 0) : retries;
  put(ledger, 'job.max_retries', most, positive, { quiet: true });
  allowKeyword(ledger, 'hardware.time_limit_hours', made, 'timeout', (to) => String(Math.round(Number(to) * 3600)));
  const options = made.keywords.get('experimental_options');
  if (options?.kind === 'dict') put(ledger, 'infra.efa', options.store.get('efa_enabled'), flag);
  const cluster = callsOf(program, /^modal\.(\w+\.)*clustered$/)[0];
  if (cluster) put(ledger, 'hardware.nodes', cluster.keywords.get('size') ?? cluster.positional[0], positive);
  const app = callsOf(program, /^modal\.(App|Stub)$/)[0];
  if (app) put(ledger, 'job.name', app.positional[0] ?? app.keywords.get('name'), text, { implied: true });
  return made;
}

/** GPUs in all, where nodes and GPUs a node are both known. */
export function readTotal(ledger: Ledger): void {
  if (isTold(ledger, 'hardware.total_gpus')) return;
  const nodes = ledger.entries.get('hardware.nodes');
  const each = ledger.entries.get('hardware.gpus_per_node');
  if (typeof nodes?.fact.value === 'number' && typeof each?.fact.value === 'number')
    imply(ledger, 'hardware.total_gpus', nodes.fact.value * each.fact.value, each.value.at);
}
