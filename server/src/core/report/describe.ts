import type { Estimate } from '../estimate/estimate.ts';
import type { Finding } from '../rules/rule.ts';
import type { Settings } from '../settings.ts';
import { once } from '../source/once.ts';
import type { SourceFile } from '../source/source-file.ts';
import { spanOf } from '../source/traced.ts';
import {
  formatCount,
  formatDisk,
  formatGiB,
  formatInterval,
  formatMoneyInterval,
  formatNumber,
} from '../units/format.ts';
import type { MoneyInterval } from '../units/money.ts';
import { assumptions } from '../workload/assumptions.ts';
import { likely, originOf } from '../workload/known.ts';
import type { WorkloadSpec } from '../workload/spec.ts';
import type { Workload } from '../workload/workload.ts';
import { checkpointRow } from './checkpoint-plan.ts';
import { describeHints } from './hints.ts';
import {
  phraseCost,
  phraseDevices,
  phraseMemory,
  phraseOffer,
  phraseParts,
  phraseStorage,
  phraseTime,
} from './phrases.ts';
import { placementRow } from './placement.ts';
import { preemptionRow } from './preemption.ts';
import type { Report, ReportRow } from './report.ts';
import { spotRow } from './spot.ts';

/** One job as text ready to show. */
export interface Described {
  readonly workload: Workload;
  readonly spec: WorkloadSpec;
  readonly estimate: Estimate;
  /** What the rules find; asked when the rows are. */
  findings(): readonly Finding[];
  readonly settings: Settings;
  readonly files: ReadonlyMap<string, SourceFile>;
}

/** Makes the view model that every surface shows. */
export function describe(input: Described): Report {
  const { spec, estimate, findings } = input;
  const answer = describeAnswer(spec, estimate);
  const rows = once(() => describeRows(spec, estimate, findings()));
  return {
    title: describeTitle(spec, estimate),
    answer,
    verdict: describeVerdict(estimate),
    get rows() {
      return rows();
    },
    memoryRows: memoryRows(estimate),
    notes: [...lengthNotes(spec), ...estimate.problems.map((problem) => problem.message)],
    assumptions: describeAssumptions(spec, estimate),
    hints: describeHints({ ...input, answer }),
  };
}

/** "8 x H100 · aws us-east-1 on-demand, 2026-07-30": what it runs on and which price is taken. */
function describeTitle(spec: WorkloadSpec, { cost }: Estimate): string {
  return cost ? `${phraseDevices(spec)} · ${phraseOffer(cost)}` : phraseDevices(spec);
}

/** "$412 (330-520) to train, 16.4 h on 8 x H100, 131 GPU-h, 96 kWh". */
function describeAnswer(spec: WorkloadSpec, estimate: Estimate): string {
  const devices = phraseDevices(spec);
  const { serving, cost, time, energy } = estimate;
  if (spec.task === 'serving') {
    const rate = cost ? `${formatMoneyInterval(cost.perHour)}/h` : 'price unknown';
    const per = serving?.perMillionOutputTokens ? [phrasePerMillion(serving.perMillionOutputTokens)] : [];
    return [`${rate} to serve on ${devices}`, ...per].join(', ');
  }
  if (!cost && !time) return `price and time to train unknown, ${devices}`;
  const hours = time?.deviceHours ? [`${formatNumber(time.deviceHours.likely)} GPU-h`] : [];
  const kwh = energy ? [`${formatNumber(energy.energy.likely)} kWh`] : [];
  const length = time?.run ? '' : ', length unknown';
  return [`${phraseCost(estimate)}${length} to train`, `${phraseTime(estimate)} on ${devices}`, ...hours, ...kwh].join(
    ', ',
  );
}

const phrasePerMillion = (cost: MoneyInterval) => `${formatMoneyInterval(cost)} per 1M output tokens at full load`;

function describeVerdict({ memory }: Estimate): string {
  if (!memory) return 'Memory unknown';
  const moment = {
    load: 'while loading',
    forward: 'at the end of the forward pass',
    loss: 'at the loss',
    backward: 'in the backward pass',
    'optimizer-step': 'at the optimizer step',
    serving: 'while serving',
  }[memory.phase];
  const start = { yes: 'Fits', tight: 'Tight', no: 'Does not fit', unknown: 'Needs' }[memory.fits];
  return `${start}: ${phraseMemory(memory).replace(/, (tight|does not fit)$/, '')} a GPU, ${moment}`;
}

function describeRows(spec: WorkloadSpec, estimate: Estimate, findings: readonly Finding[]): readonly ReportRow[] {
  const { cost, time, memory, storage, energy, serving } = estimate;
  const rows: ReportRow[] = [];
  const row = (label: string, value: string, note?: string) => rows.push({ label, value, ...(note ? { note } : {}) });
  if (spec.task === 'serving') {
    row(
      'rate',
      cost ? `${formatMoneyInterval(cost.perHour)}/h` : 'price unknown',
      cost ? phraseOffer(cost) : undefined,
    );
  }
  if (serving) {
    row(
      'KV cache',
      `${formatInterval(serving.kvTokens, formatCount)} tokens`,
      `${formatCount(Math.floor(serving.fullLengthSequences.likely))} sequences of full length`,
    );
    if (serving.decodeTokensPerSecond)
      row(
        'decode',
        `${formatInterval(serving.decodeTokensPerSecond, formatNumber)} tokens/s`,
        serving.perMillionOutputTokens ? phrasePerMillion(serving.perMillionOutputTokens) : 'at full load',
      );
    if (serving.prefillTokensPerSecond)
      row('prefill', `${formatInterval(serving.prefillTokensPerSecond, formatNumber)} tokens/s`);
  }
  if (spec.task !== 'serving') {
    row(
      'cost',
      phraseCost(estimate),
      cost && [...(cost.total ? [`${formatMoneyInterval(cost.perHour)}/h`] : []), phraseOffer(cost)].join(', '),
    );
    row(
      'time',
      phraseTime(estimate),
      time?.deviceHours
        ? `${formatNumber(time.deviceHours.likely)} GPU-h`
        : time
          ? 'length of the run unknown'
          : undefined,
    );
  }
  if (cost?.parts) row('including', phraseParts(cost.parts));
  row(
    'memory',
    memory ? phraseMemory(memory) : 'unknown',
    memory ? describeVerdict(estimate).split(', ').at(-1) : undefined,
  );
  if (storage)
    row(
      'storage',
      phraseStorage(storage),
      storage.perMonth
        ? `${formatMoneyInterval(storage.perMonth)} a month`
        : storage.saves && `${formatDisk(storage.perSave.likely)} a save`,
    );
  if (estimate.checkpoints && storage) rows.push(checkpointRow(estimate.checkpoints));
  if (estimate.spot) rows.push(spotRow(estimate.spot));
  if (estimate.preemption) rows.push(preemptionRow(estimate.preemption));
  const placed = estimate.placement && placementRow(estimate.placement);
  if (placed) rows.push(placed);
  if (energy)
    row(
      'energy',
      `${formatInterval(energy.energy, formatNumber)} kWh`,
      energy.carbon ? `${formatNumber(energy.carbon.likely / 1000)} kg CO2e` : undefined,
    );
  if (findings.length > 0)
    row(
      'findings',
      String(findings.length),
      findings.map((finding) => finding.message.split(/[:.](?: |$)/)[0]).join('; '),
    );
  return rows;
}

function memoryRows({ memory }: Estimate): readonly ReportRow[] {
  const terms = [...(memory?.terms ?? [])].sort((a, b) => b.bytes.likely - a.bytes.likely);
  return terms.map((term) => {
    const at = term.origin && spanOf(term.origin);
    return { label: term.label, value: formatGiB(term.bytes.likely), ...(at ? { at } : {}) };
  });
}

/** What the length of the run is made of, in one line. */
function lengthNotes({ data, schedule }: WorkloadSpec): readonly string[] {
  if (!schedule) return [];
  const steps = likely(schedule.steps);
  if (steps === undefined) {
    return [`Length unknown: ${schedule.steps.kind === 'unknown' ? schedule.steps.reason : 'steps are not known'}`];
  }
  const epochs = schedule.epochs && likely(schedule.epochs);
  const examples = data.examples && likely(data.examples);
  const name = data.dataset && likely(data.dataset);
  const packed = likely(data.packed) === true;
  const length = likely(data.sequenceLength);
  if (epochs !== undefined && examples !== undefined) {
    const packing = packed && length !== undefined ? `, packed to ${formatCount(length)}` : '';
    const of = `${formatNumber(epochs)} ${epochs === 1 ? 'epoch' : 'epochs'} x ${new Intl.NumberFormat('en-US').format(examples)} samples`;
    return [`Length: ${of}${name ? ` (${name})` : ''}${packing}, ${formatCount(steps)} steps`];
  }
  return [`Length: ${formatCount(steps)} steps`];
}

/** What the figures rest on: the estimator's own assumptions, then those that stand behind fields of the spec. */
function describeAssumptions(spec: WorkloadSpec, estimate: Estimate): readonly string[] {
  const ids = new Set<string>();
  const fields = [
    spec.model.parameters,
    spec.resources.perNode,
    spec.resources.priceKind,
    spec.precision.compute,
    spec.parallelism.dataParallel,
  ];
  for (const field of fields) {
    const origin = originOf<unknown>(field);
    if (origin?.kind === 'assumption') ids.add(origin.id);
  }
  ids.delete('all-ranks-data-parallel');
  const named = [...ids].flatMap((id) => (id in assumptions ? [assumptions[id as keyof typeof assumptions].text] : []));
  // They are joined into one line, so none ends in a full stop.
  return [...estimate.assumptions.map((one) => one.text), ...named].map((text) => text.replace(/\.$/, ''));
}
