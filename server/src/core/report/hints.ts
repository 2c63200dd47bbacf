import type { Estimate } from '../estimate/estimate.ts';
import type { FactName } from '../facts/vocabulary.ts';
import { lineAt } from '../source/lines.ts';
import { once } from '../source/once.ts';
import type { SourceFile } from '../source/source-file.ts';
import type { Span } from '../source/span.ts';
import { spanOf } from '../source/traced.ts';
import { formatCount, formatGiB, formatMoneyInterval, formatParameters } from '../units/format.ts';
import { likely } from '../workload/known.ts';
import type { WorkloadSpec } from '../workload/spec.ts';
import type { Workload } from '../workload/workload.ts';
import { describeCheckpointPlan } from './checkpoint-plan.ts';
import { phraseCost, phraseMemory, phraseStorage, phraseTime } from './phrases.ts';
import { describePlacement } from './placement.ts';
import { describePreemption } from './preemption.ts';
import type { Hint } from './report.ts';

/** What the hints of one job are made from. */
export interface HintInput {
  readonly workload: Workload;
  readonly spec: WorkloadSpec;
  readonly estimate: Estimate;
  readonly files: ReadonlyMap<string, SourceFile>;
  /** The whole answer, for the tooltip of the sum. */
  readonly answer: string;
}

/** The figures that stand at line ends: the sum where the run is stated, the parts where they are caused; one a line. */
export function describeHints(input: HintInput): readonly Hint[] {
  const all = [...sums(input), ...parts(input)];
  const taken = new Set<string>();
  return all.filter((hint) => {
    const file = input.files.get(hint.at.uri);
    const line = file ? `${hint.at.uri}:${lineAt(file, hint.at.start)}` : '';
    if (!file || taken.has(line)) return false;
    taken.add(line);
    return true;
  });
}

/** The sum at each file's anchor: money and memory in the program, rate and time at the launch. */
function sums({ workload, estimate, answer }: HintInput): readonly Hint[] {
  const seen = new Set<string>();
  const hints: Hint[] = [];
  for (const reading of workload.readings) {
    if (seen.has(reading.uri) || reading.role === 'fragment') continue;
    const launches = reading.role === 'launcher' || reading.role === 'job' || reading.role === 'infrastructure';
    const texts = launches ? launchTexts(estimate) : runTexts(estimate);
    if (texts.length === 0) continue;
    seen.add(reading.uri);
    hints.push({ kind: launches ? 'resources' : 'cost', at: reading.anchor, parts: joined(texts), tooltip: answer });
  }
  return hints;
}

function runTexts(estimate: Estimate): readonly string[] {
  if (estimate.serving) return servingTexts(estimate);
  return besideMemory(estimate.cost || estimate.time ? [phraseCost(estimate)] : [], estimate);
}

/** Money, then memory; a job that does not fit says so before its price, which nobody would come to pay. */
function besideMemory(money: readonly string[], { memory }: Estimate): readonly string[] {
  if (!memory) return money;
  return memory.fits === 'no' ? [phraseMemory(memory), ...money] : [...money, phraseMemory(memory)];
}

function servingTexts(estimate: Estimate): readonly string[] {
  const rate = estimate.cost ? [`${formatMoneyInterval(likelyOnly(estimate.cost.perHour))}/h`] : [];
  return besideMemory(rate, estimate);
}

function launchTexts(estimate: Estimate): readonly string[] {
  const rate = estimate.cost ? [`${formatMoneyInterval(likelyOnly(estimate.cost.perHour))}/h`] : ['price unknown'];
  if (estimate.serving || !estimate.time) return estimate.cost ? rate : [];
  return [...rate, phraseTime(estimate)];
}

function likelyOnly<T extends { readonly micros: { readonly likely: number } }>(value: T): T {
  const { likely: middle } = value.micros;
  return { ...value, micros: { low: middle, likely: middle, high: middle } };
}

/** Parts at the values that cause them: saves, model, KV cache. */
function parts({ workload, spec, estimate }: HintInput): readonly Hint[] {
  const hints: Hint[] = [];
  const add = (kind: Hint['kind'], at: Span, text: readonly string[], tooltip: () => string) => {
    const words = once(tooltip);
    hints.push({
      kind,
      at,
      parts: joined(text),
      // Asked for when somebody points at the hint.
      get tooltip() {
        return words();
      },
    });
  };
  const { storage, serving, memory } = estimate;
  const save = spanOfFact(
    workload,
    'checkpoint.save_steps',
    'checkpoint.saves_per_epoch',
    'checkpoint.save_epochs',
    'checkpoint.save_strategy',
  );
  if (storage && save) {
    add('checkpoint', save, [phraseStorage(storage)], () =>
      [
        storage.perMonth
          ? `${formatMoneyInterval(storage.perMonth)} a month while they lie there`
          : phraseStorage(storage),
        ...(estimate.checkpoints ? describeCheckpointPlan(estimate.checkpoints) : []),
        ...(estimate.preemption ? describePreemption(estimate.preemption) : []),
      ].join('. '),
    );
  }
  const taken = spanOfFact(workload, 'hardware.spot', 'infra.price_kind', 'job.requeue', 'job.signal');
  if (estimate.preemption && taken) {
    const { preemption } = estimate;
    const { checks } = preemption;
    const inPlace = checks.filter(({ state }) => state === 'yes').length;
    const text = `preemption: ${inPlace} of ${checks.length} in place`;
    add('resources', taken, [text], () => describePreemption(preemption).join('. '));
  }
  const bucket = spanOfFact(workload, 'data.bucket');
  if (estimate.placement?.total && bucket) {
    const { placement } = estimate;
    const text = `reads ${formatMoneyInterval(likelyOnly(estimate.placement.total))}`;
    add('resources', bucket, [text], () => describePlacement(placement).join('. '));
  }
  const kv = spanOfFact(workload, 'serving.max_num_seqs', 'serving.max_model_len', 'serving.gpu_memory_utilization');
  if (serving && kv) {
    const count = Math.max(0, Math.floor(serving.fullLengthSequences.likely));
    const text = `KV holds ${formatCount(count)} full-length`;
    add('serving', kv, [text], () => `${formatCount(serving.kvTokens.likely)} tokens of KV cache`);
  }
  const model = spanOfFact(workload, 'model.name', 'model.path', 'model.builder', 'model.family');
  if (model && estimate.parameters) {
    const weights = memory?.terms.find((term) => term.part === 'weights');
    const { precision, model: trained } = spec;
    const format = (trained.quantization && likely(trained.quantization)) ?? likely(precision.parameters);
    const size = weights ? [`${formatGiB(weights.bytes.likely)} GiB${format ? ` ${format}` : ''} a GPU`] : [];
    const about = spec.model.parameters.kind === 'range' ? '~' : '';
    const text = `${about}${formatParameters(estimate.parameters.likely)}`;
    add('model', model, [text, ...size], () => weights?.label ?? 'parameters');
  }
  return hints;
}

/** The place of the first of some facts that stands in code; defaults and settings have no line to stand on. */
function spanOfFact(workload: Workload, ...names: readonly FactName[]): Span | undefined {
  for (const name of names) {
    const fact = workload.facts.find((one) => one.name === name && one.origin.kind === 'code');
    if (fact) return spanOf(fact.origin);
  }
  return undefined;
}

function joined(texts: readonly string[]): Hint['parts'] {
  return texts.map((text, index) => ({ text: index === 0 ? text : `, ${text}` }));
}
