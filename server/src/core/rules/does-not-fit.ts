import type { MemoryPart } from '../estimate/estimate.ts';
import type { FactName } from '../facts/vocabulary.ts';
import { formatGiB } from '../units/format.ts';
import { likely } from '../workload/known.ts';
import { type Proposal, type Proposed, placeOfFact, propose } from './propose.ts';
import type { Finding, Fix, Rule, RuleView } from './rule.ts';

/** Where the greatest part of the memory is decided, by part. */
const causes: Readonly<Partial<Record<MemoryPart, readonly FactName[]>>> = {
  activations: ['training.per_device_batch_size', 'data.seq_len'],
  logits: ['training.per_device_batch_size', 'data.seq_len'],
  optimizer: ['optimizer.name', 'parallel.zero_stage', 'parallel.strategy', 'model.name'],
  weights: ['model.name', 'model.path', 'model.family'],
  gradients: ['parallel.zero_stage', 'parallel.strategy', 'model.name'],
  'kv-cache': ['serving.max_model_len', 'serving.gpu_memory_utilization', 'model.name'],
};

/** Whose devices the memory tables are held against; on others a verdict would not be certain. */
const measuredVendors = new Set(['NVIDIA', 'AMD']);

/** A job whose lowest estimate is more than the card has; offers the smallest changes that make it fit. */
export const rule: Rule = {
  id: 'does-not-fit',
  meta: {
    title: 'Does not fit the accelerator',
    severity: 'error',
    tags: ['fit'],
    why: 'The run stops with an out-of-memory error after the queue, the download and the first step have been paid for. Reported only where even the low end of the estimate is more than the card has.',
    evidence: 'Memory by part at the peak moment, held against published runs: see docs/estimator.md.',
    bad: 'SFTConfig(per_device_train_batch_size=16, gradient_checkpointing=False)  # 8B model, 80 GiB card',
    good: 'SFTConfig(per_device_train_batch_size=4, gradient_accumulation_steps=4, gradient_checkpointing=True)',
  },
  check(view) {
    const { memory } = view.estimate;
    const card = view.catalog.accelerator(likely(view.spec.resources.accelerator) ?? '');
    if (!card || !measuredVendors.has(card.vendor)) return [];
    if (memory?.fits !== 'no' || memory.capacity === undefined) return [];
    const biggest = [...memory.terms].sort((a, b) => b.bytes.likely - a.bytes.likely)[0];
    const span = placeOfFact(view, ...(biggest ? (causes[biggest.part] ?? []) : []));
    if (!span || !biggest) return [];
    const proposed = remedies(view).map((proposal) => propose(view, proposal));
    const fixes = rank(proposed.filter((one) => one.fits));
    const need = `${formatGiB(memory.device.likely)} of ${formatGiB(memory.capacity)} GiB a GPU`;
    const cause = `The greatest part: ${biggest.label}, ${formatGiB(biggest.bytes.likely)} GiB`;
    const finding: Finding = {
      ruleId: 'does-not-fit',
      severity: 'error',
      span,
      message: `Does not fit: ${need}. ${cause}.`,
      fixes,
      refusals: proposed.flatMap((one) => (one.fits && one.refused ? [one.refused] : [])),
      related: [],
    };
    return [finding];
  },
};

/** Changes that make a job smaller, mildest first, then two at once. */
function remedies({ spec, workload }: RuleView): readonly Proposal[] {
  const single: Proposal[] = [];
  const micro = spec.schedule ? likely(spec.schedule.microBatch) : undefined;
  const accumulation = spec.schedule ? (likely(spec.schedule.accumulation) ?? 1) : 1;
  const states = (name: FactName) => workload.facts.some((fact) => fact.name === name);
  const recompute: Proposal = {
    title: 'Recompute activations',
    changes: [{ name: 'training.gradient_checkpointing', value: true }],
    safe: true,
  };
  if (spec.schedule && likely(spec.recompute.mode) !== 'full') single.push(recompute);
  const splits = micro === undefined ? [] : [2, 4, 8].filter((by) => micro % by === 0);
  const split = (by: number): Proposal => ({
    title: `Micro batch ${(micro ?? 1) / by} with accumulation ${accumulation * by}`,
    changes: [
      { name: 'training.per_device_batch_size', value: (micro ?? 1) / by },
      { name: 'training.gradient_accumulation_steps', value: accumulation * by },
    ],
    safe: true,
  });
  single.push(...splits.map(split));
  const optimizer = spec.optimizer ? likely(spec.optimizer.name) : undefined;
  if (optimizer === 'adamw') {
    single.push({
      title: 'Use 8-bit AdamW',
      changes: [{ name: 'optimizer.name', value: 'adamw_8bit' }],
      safe: false,
      effect: 'changes numerics',
    });
  }
  if (states('serving.max_model_len')) {
    const length = likely(spec.serving?.maximumLength ?? { kind: 'unknown', reason: '' });
    if (length) {
      single.push({
        title: `Context of ${length / 2} tokens`,
        changes: [{ name: 'serving.max_model_len', value: length / 2 }],
        safe: false,
        effect: 'longer requests are refused',
      });
    }
  }
  const pairs = splits.map((by): Proposal => {
    const half = split(by);
    return {
      title: `${recompute.title}, ${half.title.toLowerCase()}`,
      changes: [...recompute.changes, ...half.changes],
      safe: true,
    };
  });
  return likely(spec.recompute.mode) === 'full' || !spec.schedule ? single : [...single, ...pairs];
}

/** At most three fixes, the cheapest in time first; the first safe one is preferred. */
function rank(proposed: readonly Proposed[]): readonly Fix[] {
  const fixes = proposed.flatMap(({ fix }) => (fix ? [fix] : []));
  const singles = fixes.filter((fix) => fix.changes.length <= 2);
  const chosen = (singles.length > 0 ? singles : fixes)
    .sort((a, b) => (a.saving.timeShare ?? 0) - (b.saving.timeShare ?? 0))
    .slice(0, 3);
  const first = chosen.findIndex((fix) => fix.safe);
  return chosen.map((fix, index) => ({ ...fix, preferred: index === first }));
}
