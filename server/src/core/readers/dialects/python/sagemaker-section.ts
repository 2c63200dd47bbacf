import type { Program } from '../../../evaluate/python.ts';
import { type CallEvent, type DictValue, itemsOf, truthOf, type Value } from '../../../evaluate/value.ts';
import type { Reference } from '../../../facts/reading.ts';
import type { FactName, FactValue } from '../../../facts/vocabulary.ts';
import { argumentOf, callsOf } from './calls.ts';
import { configKeys } from './config-names.ts';
import { flag, number, positive, text } from './forms.ts';
import { putKeys } from './keywords.ts';
import { allowKeyword, imply, isTold, type Ledger, put, type Slot, settle } from './ledger.ts';
import { putModelName } from './model-section.ts';
import { hoursIn, putInstance, readTotal } from './resource-section.ts';
import { trainingKeys } from './transformers-keys.ts';
import { readPrecision } from './transformers-section.ts';

const estimators = /(^|\.)(Estimator|PyTorch|HuggingFace|TensorFlow|ModelTrainer|MXNet|JumpStartEstimator)$/;

/** The estimator that a program starts a SageMaker training job with. */
export function estimatorOf(program: Program): CallEvent | undefined {
  return callsOf(program, estimators).find(
    (event) =>
      event.keywords.has('instance_type') || event.keywords.has('compute') || event.keywords.has('entry_point'),
  );
}

/** What an estimator states: machines, limits, distribution and the hyperparameters that it hands to its script. */
export function readEstimator(ledger: Ledger, estimator: CallEvent): readonly Reference[] {
  const get = (name: string) => estimator.keywords.get(name);
  putInstance(ledger, get('instance_type'));
  put(ledger, 'hardware.nodes', get('instance_count'), positive);
  put(ledger, 'resources.disk_gb', get('volume_size'), number);
  put(ledger, 'hardware.time_limit_hours', get('max_run'), hoursIn('s'));
  put(ledger, 'hardware.max_wait_hours', get('max_wait'), hoursIn('s'));
  put(ledger, 'hardware.spot', get('use_spot_instances'), flag);
  put(ledger, 'job.name', get('base_job_name') ?? get('job_name'), text);
  put(ledger, 'job.image', get('image_uri'), text, { quiet: true });
  put(ledger, 'checkpoint.output_dir', get('checkpoint_s3_uri'), text, { quiet: true });
  allowEstimator(ledger, estimator);
  const script = get('entry_point');
  put(ledger, 'job.config', script, text);
  readHyperparameters(ledger, get('hyperparameters'));
  readDistribution(ledger, get('distribution'));
  readTotal(ledger);
  return script?.kind === 'string' ? [scriptReference(script, get('source_dir'))] : [];
}

/** Limits and capacity that an estimator may be given; spot capacity also asks how long to wait for it. */
function allowEstimator(ledger: Ledger, estimator: CallEvent): void {
  const seconds = (value: FactValue) => String(Math.round(Number(value) * 3600));
  allowKeyword(ledger, 'hardware.nodes', estimator, 'instance_count', String);
  allowKeyword(ledger, 'hardware.time_limit_hours', estimator, 'max_run', seconds);
  allowKeyword(ledger, 'hardware.spot', estimator, 'use_spot_instances', (to) => (to ? 'True' : 'False'));
  allowKeyword(ledger, 'hardware.max_wait_hours', estimator, 'max_wait', seconds);
  const waits = () => ledger.entries.has('hardware.max_wait_hours') || ledger.open.has('hardware.max_wait_hours');
  // The service's own limit is a day.
  const limit = ledger.entries.get('hardware.time_limit_hours')?.fact.value;
  ledger.also.set('hardware.spot', (to) =>
    to && !waits() ? [{ name: 'hardware.max_wait_hours', value: 2 * (typeof limit === 'number' ? limit : 24) }] : [],
  );
  ledger.also.set('hardware.time_limit_hours', (to) => {
    const wait = ledger.entries.get('hardware.max_wait_hours')?.fact.value;
    return typeof wait === 'number' && wait < Number(to)
      ? [{ name: 'hardware.max_wait_hours', value: Number(to) }]
      : [];
  });
}

function scriptReference(script: Value & { kind: 'string' }, folder: Value | undefined): Reference {
  const base = folder?.kind === 'string' && !folder.value.includes('://') ? `${folder.value.replace(/\/$/, '')}/` : '';
  return { path: `${base}${script.value}`.replace(/^\.\//, ''), role: 'program', span: script.at };
}

function readHyperparameters(ledger: Ledger, value: Value | undefined): void {
  const settled = value && settle(value);
  if (settled?.kind !== 'dict') return;
  const entries = new Map([...settled.store].map(([name, entry]) => [name.replaceAll('-', '_'), entry] as const));
  const get = (name: string): Value | undefined => entries.get(name);
  readPrecision(ledger, get);
  putKeys(ledger, trainingKeys, get);
  putKeys(
    ledger,
    configKeys.filter((key) => key.fact !== 'model.name').map((key) => ({ ...key, quiet: true })),
    get,
  );
  put(ledger, 'training.epochs', get('epoch'), positive, { quiet: true });
  if (get('per_device_train_batch_size')) allowArguments(ledger, settled);
  putModelName(
    ledger,
    get('model_id') ?? get('model_name') ?? get('model_name_or_path') ?? get('pretrained_model_name_or_path'),
  );
  const fsdp = get('fsdp');
  if (fsdp?.kind !== 'string') return;
  put(ledger, 'parallel.strategy', fsdp, { read: () => ({ value: 'fsdp' }), spell: () => undefined });
  const sharding = /full_shard|shard_grad_op|hybrid_shard|no_shard/.exec(fsdp.value)?.[0];
  if (sharding) imply(ledger, 'parallel.fsdp_sharding', sharding, fsdp.at);
}

/** A script that takes arguments of Transformers' trainer takes the others too. */
function allowArguments(ledger: Ledger, { at, store }: DictValue): void {
  const allow = (fact: FactName, keyword: Slot['keyword'], spell: Slot['spell']) => {
    if (isTold(ledger, fact) || ledger.slots.has(fact)) return;
    ledger.slots.set(fact, { list: at, keyword, spell, standing: (key) => store.get(key) });
  };
  const own = trainingKeys.filter((key) => !/^(rl\.|data\.(seq_len|packing)$)/.test(key.fact));
  for (const key of own) allow(key.fact, key.keyword, (to) => key.form.spell(to, '"'));
  allow('training.precision', String, (to) => (to === 'bf16' || to === 'fp16' ? 'True' : undefined));
}

/** Data parallel libraries and launchers; a plain `torch_distributed` leaves the strategy to the script. */
function readDistribution(ledger: Ledger, value: Value | undefined): void {
  const settled = value && settle(value);
  const smd = settled?.kind === 'dict' ? settled.store.get('smdistributed') : undefined;
  const parallel = smd?.kind === 'dict' ? smd.store.get('dataparallel') : undefined;
  const enabled = parallel?.kind === 'dict' ? parallel.store.get('enabled') : undefined;
  if (enabled && truthOf(enabled) === true) imply(ledger, 'parallel.strategy', 'ddp', enabled.at);
  const launcher = settled?.kind === 'dict' ? settled.store.get('pytorchddp') : undefined;
  const on = launcher?.kind === 'dict' ? launcher.store.get('enabled') : undefined;
  if (on && truthOf(on) === true) imply(ledger, 'parallel.strategy', 'ddp', on.at);
}

/** Items of a list of texts. */
export function textsOf(value: Value | undefined): readonly string[] {
  return value?.kind === 'list' ? itemsOf(value).flatMap((one) => (one.kind === 'string' ? [one.value] : [])) : [];
}

/** The bucket that a job's channels come from, copied to the machines before it starts or streamed, and the session's region. */
export function readChannels(program: Program, ledger: Ledger, estimator: CallEvent): void {
  for (const event of callsOf(program, /(^|\.)fit$/)) {
    const given = argumentOf(event, 'inputs', 0);
    const inputs = given && settle(given);
    const channels = inputs?.kind === 'dict' ? [...inputs.store.values()] : inputs ? [inputs] : [];
    const address = channels.map(settle).find((one) => one.kind === 'string' && one.value.startsWith('s3://'));
    if (!address) continue;
    put(ledger, 'data.bucket', address, text, { quiet: true });
    const mode = estimator.keywords.get('input_mode');
    const streamed = mode?.kind === 'string' && /^(FastFile|Pipe)$/.test(mode.value);
    imply(ledger, 'data.bucket_rereads', streamed, streamed ? mode.at : address.at);
  }
  for (const event of callsOf(program, /^boto3\.(session\.)?(Session|setup_default_session)$/)) {
    put(ledger, 'infra.region', event.keywords.get('region_name'), text, { quiet: true });
  }
}
