import type { Program } from '../../../evaluate/python.ts';
import { type CallEvent, itemsOf, type Value } from '../../../evaluate/value.ts';
import { toAccelerator } from '../accelerator-name.ts';
import { toCpus, toGib } from '../quantity.ts';
import { argumentOf, callsOf } from './calls.ts';
import { number, positive, text } from './forms.ts';
import { settingOf } from './keywords.ts';
import { imply, type Ledger, type PythonForm, put } from './ledger.ts';
import { hoursIn } from './resource-section.ts';

const quiet = { quiet: true } as const;

/** Decorators of Metaflow that ask for machines; a step with GPUs is the one that counts. */
const metaflow = /^metaflow\.(\w+\.)*(resources|kubernetes|batch|slurm|nvidia)$/;

/** A quantity in a unit that gives GiB. */
function memoryIn(unit: 'MB' | 'text'): PythonForm<number> {
  return {
    read: (value) => {
      if (unit === 'MB' && value.kind === 'number') return { value: value.value / 1024, derived: true };
      const gib = value.kind === 'string' ? toGib(value.value) : undefined;
      return gib === undefined ? undefined : { value: gib };
    },
    spell: () => undefined,
  };
}

const cpus: PythonForm<number> = {
  read: (value) => {
    const count = value.kind === 'string' || value.kind === 'number' ? toCpus(value.value) : undefined;
    return count === undefined ? undefined : { value: count };
  },
  spell: (to, old) => (/^['"]/.test(old) ? `"${to}"` : String(to)),
};

/**
 * What steps of a workflow ask of machines: Metaflow's decorators, Flyte's tasks, roles of a TorchX component.
 * Answers the call that asks for devices, undefined where none does.
 */
export function readWorkflow(program: Program, ledger: Ledger): CallEvent | undefined {
  return readMetaflow(program, ledger) ?? readFlyte(program, ledger) ?? readTorchx(program, ledger);
}

function readMetaflow(program: Program, ledger: Ledger): CallEvent | undefined {
  const steps = callsOf(program, metaflow);
  const step = steps.find((event) => event.keywords.has('gpu'));
  if (!step) return undefined;
  const get = (name: string) => step.keywords.get(name);
  put(ledger, 'hardware.gpus_per_node', get('gpu'), positive);
  put(ledger, 'resources.cpu_request', get('cpu'), cpus, quiet);
  put(ledger, 'resources.memory_request_gib', get('memory'), memoryIn('MB'), quiet);
  put(
    ledger,
    'resources.shm_gb',
    get('shared_memory'),
    {
      read: (one) => (one.kind === 'number' ? { value: one.value / 1000, derived: true } : undefined),
      spell: () => undefined,
    },
    quiet,
  );
  put(ledger, 'job.image', get('image'), text, quiet);
  put(ledger, 'job.queue', get('queue'), text, quiet);
  for (const event of callsOf(program, /^metaflow\.(\w+\.)*timeout$/))
    for (const [keyword, unit] of [
      ['hours', 'h'],
      ['minutes', 'm'],
      ['seconds', 's'],
    ] as const)
      put(ledger, 'hardware.time_limit_hours', event.keywords.get(keyword), hoursIn(unit), quiet);
  for (const event of callsOf(program, /^metaflow\.(\w+\.)*retry$/))
    put(ledger, 'job.max_retries', event.keywords.get('times'), positive, quiet);
  for (const event of callsOf(program, /\.next$/))
    put(ledger, 'hardware.nodes', event.keywords.get('num_parallel'), positive, quiet);
  return step;
}

function readFlyte(program: Program, ledger: Ledger): CallEvent | undefined {
  const asks = (event: CallEvent) =>
    ['requests', 'limits', 'resources'].map((name) => event.keywords.get(name)).find((one) => settingOf(one, 'gpu'));
  const task = callsOf(
    program,
    /^(flytekit|flyte|union|unionai)\.(\w+\.)*(task|ActorEnvironment|TaskEnvironment)$/,
  ).find((event) => asks(event) !== undefined || event.keywords.has('accelerator'));
  if (!task) return undefined;
  const resources = asks(task) ?? task.keywords.get('requests');
  const gpu = settingOf(resources, 'gpu');
  if (gpu?.kind === 'string' && !/^\d+$/.test(gpu.value)) readNamed(ledger, gpu);
  else put(ledger, 'hardware.gpus_per_node', gpu, number, quiet);
  put(ledger, 'resources.cpu_request', settingOf(resources, 'cpu'), cpus, quiet);
  put(
    ledger,
    'resources.memory_request_gib',
    settingOf(resources, 'mem') ?? settingOf(resources, 'memory'),
    memoryIn('text'),
    quiet,
  );
  const device = task.keywords.get('accelerator');
  const path =
    device?.kind === 'reference'
      ? device.path.split('.').at(-1)
      : device?.kind === 'object'
        ? (settingOf(device, 'device') ?? device.call?.positional[0])
        : undefined;
  const named = typeof path === 'string' ? path : path?.kind === 'string' ? path.value : undefined;
  const accelerator =
    named === undefined ? undefined : toAccelerator(named.replace(/^nvidia[-_]tesla[-_]|^nvidia[-_]/i, ''));
  if (device && accelerator !== undefined) imply(ledger, 'hardware.accelerator', accelerator, device.at);
  const config = task.keywords.get('task_config') ?? task.keywords.get('plugin_config');
  put(ledger, 'hardware.nodes', settingOf(config, 'nnodes') ?? settingOf(config, 'num_workers'), positive, quiet);
  put(ledger, 'hardware.processes_per_node', settingOf(config, 'nproc_per_node'), positive, quiet);
  put(ledger, 'job.max_retries', task.keywords.get('retries'), positive, quiet);
  put(ledger, 'job.image', task.keywords.get('container_image'), text, quiet);
  put(
    ledger,
    'hardware.spot',
    task.keywords.get('interruptible'),
    { read: (one) => (one.kind === 'bool' ? { value: one.value } : undefined), spell: (to) => (to ? 'True' : 'False') },
    quiet,
  );
  return task;
}

/** `gpu="H100:8"`. */
function readNamed(ledger: Ledger, value: Value & { readonly kind: 'string' }): void {
  const [name = '', count = '1'] = value.value.split(':');
  const device = toAccelerator(name);
  if (device !== undefined) imply(ledger, 'hardware.accelerator', device, value.at);
  if (/^\d+$/.test(count)) imply(ledger, 'hardware.gpus_per_node', Number(count), value.at);
}

function readTorchx(program: Program, ledger: Ledger): CallEvent | undefined {
  const roles = callsOf(program, /(^|\.)(specs|torchx)\.(\w+\.)*Role$/);
  const role = roles.find((event) => settingOf(event.keywords.get('resource'), 'gpu') !== undefined);
  if (!role) return undefined;
  const resource = role.keywords.get('resource');
  put(ledger, 'hardware.gpus_per_node', settingOf(resource, 'gpu'), positive, quiet);
  put(ledger, 'resources.cpu_request', settingOf(resource, 'cpu'), cpus, quiet);
  put(ledger, 'resources.memory_request_gib', settingOf(resource, 'memMB'), memoryIn('MB'), quiet);
  put(ledger, 'hardware.nodes', role.keywords.get('num_replicas'), positive, quiet);
  put(ledger, 'job.image', role.keywords.get('image'), text, quiet);
  put(ledger, 'job.max_retries', role.keywords.get('max_retries'), positive, quiet);
  const app = callsOf(program, /(^|\.)(specs|torchx)\.(\w+\.)*AppDef$/)[0];
  if (app) put(ledger, 'job.name', argumentOf(app, 'name', 0), text, quiet);
  const entry = role.keywords.get('entrypoint');
  const args = role.keywords.get('args');
  const script =
    entry?.kind === 'string' && /\.py$/.test(entry.value)
      ? entry
      : args?.kind === 'list'
        ? itemsOf(args).find((one) => one.kind === 'string' && /\.py$/.test(one.value))
        : undefined;
  put(ledger, 'job.config', script, text, quiet);
  return role;
}
