import { hasArmHost } from '../catalog/accelerator.ts';
import type { MemoryEstimate, MemoryPart } from '../estimate/estimate.ts';
import type { FactName } from '../facts/vocabulary.ts';
import type { SpecChange } from '../readers/reader.ts';
import { formatGiB, formatShare } from '../units/format.ts';
import { likely as likelyOf } from '../workload/known.ts';
import { cardOf, otherCards } from './advice/cards.ts';
import { devicesKnown, isDecided, isShaped, isUnmeasured, trains } from './advice/known.ts';
import { type Remedy, recompute, servingRemedies, splits, trainingRemedies } from './advice/remedies.ts';
import { lazyFinding } from './lazy.ts';
import { type Proposed, placeOfFact, propose, type Weighed, weigh } from './propose.ts';
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

/** Model code written by hand keeps other tensors than any that was measured: only what exceeds the card by so much is said. */
const byHand = 1.5;

/** The low end of the range is above one run in ten: an error needs this much more than the card has. */
const surely = 1.05;

/** So many times the card at the low end is too much whatever batch or length is left open. */
const grossly = 3;

/** Most fixes that one finding offers: a menu that is read, not searched. */
const mostFixes = 8;

/** A job that needs more memory than its card has; offers the smallest changes that make it fit. */
export const rule: Rule = {
  id: 'does-not-fit',
  meta: {
    title: 'Does not fit the accelerator',
    severity: 'error',
    tags: ['fit'],
    why: 'The run stops with an out-of-memory error after the queue, the download and the first step have been paid for. An error only where model, batch and length are known, or it is several times too much, and even the low end of the estimate is 5 % more than the card has; a warning where the likely figure is and nothing that decides it is left open.',
    evidence: 'Memory by part at the peak moment, held against published runs: see docs/estimator.md.',
    bad: 'SFTConfig(per_device_train_batch_size=16, gradient_checkpointing=False)  # 8B model, 80 GiB card',
    good: 'SFTConfig(per_device_train_batch_size=4, gradient_accumulation_steps=4, gradient_checkpointing=True)',
  },
  check(view) {
    const { memory } = view.estimate;
    const card = cardOf(view);
    if (!card || !measuredVendors.has(card.vendor)) return [];
    if (memory?.capacity === undefined) return [];
    const serving = view.spec.task === 'serving';
    const devices = devicesKnown(view);
    if (devices === 'open' || isUnmeasured(view) || !(serving ? isPlaced(view) : trains(view))) return [];
    const measured = view.spec.code.stack !== 'pytorch' && view.spec.code.stack !== 'other';
    const over = memory.device.low / memory.capacity;
    const shaped = serving || isShaped(view) || (measured && over > grossly);
    const never = memory.fits === 'no' && (serving || measured || (shaped && over > byHand));
    const certain = never && devices === 'stated' && (measured || serving) && shaped && over > surely;
    const likely = memory.device.likely > memory.capacity && isDecided(view) && measured && !serving;
    if (!never && !likely) return [];
    const biggest = [...memory.terms].sort((a, b) => b.bytes.likely - a.bytes.likely)[0];
    const span = placeOfFact(view, ...(biggest ? (causes[biggest.part] ?? []) : []));
    if (!span || !biggest) return [];
    const where = devices === 'alone' ? 'a GPU unless its launcher shards it' : 'a GPU';
    const need = `${formatGiB(memory.device.likely)} of ${formatGiB(memory.capacity)} GiB ${where}`;
    const cause = `The greatest part: ${biggest.label}, ${formatGiB(biggest.bytes.likely)} GiB`;
    const helping = remedies(view);
    const helps = helping.length > 0 ? '' : wherever(view);
    const base = {
      ruleId: 'does-not-fit',
      severity: certain ? 'error' : 'warning',
      span,
      message: `${never && shaped && (measured || serving) ? 'Does not fit' : 'Likely does not fit'}: ${need}. ${cause}.${helps}`,
      related: [],
    } as const;
    return [lazyFinding(base, () => written(view, helping))];
  },
};

/** True for a server on one card of a kind, or of which the files tell how it is split: several kinds to choose from, or an engine that is not seen, tell nothing. */
function isPlaced(view: RuleView): boolean {
  const { facts } = view.workload;
  const candidates = facts.find(({ name }) => name === 'hardware.accelerator_candidates')?.value;
  if (Array.isArray(candidates) && candidates.length > 1) return false;
  const told = facts.some(({ name }) => /^(serving|parallel)\.tp$|^serving\.engine$/.test(name));
  return told || likelyOf(view.spec.resources.perNode) === 1;
}

interface Candidate extends Remedy {
  readonly weighed: Weighed;
}

const fitsIn = (memory: MemoryEstimate | undefined) =>
  memory?.capacity !== undefined && memory.fits !== 'no' && memory.device.likely <= memory.capacity;

/** Single changes that make the job fit, else two at once, else another card; each with its edits or why there are none. */
function remedies(view: RuleView): readonly Candidate[] {
  const serving = view.spec.task === 'serving';
  const single = serving ? servingRemedies(view) : trainingRemedies(view);
  const chosen = smallestSplit(fitting(view, single));
  const mild = chosen.some((one) => one.depth < 2);
  const pairs = mild ? [] : smallestSplit(fitting(view, pairsOf(view, single)));
  const any = chosen.length + pairs.length > 0;
  const deep = any || serving ? [] : fitting(view, deepest(view, single));
  const time = ({ weighed }: Candidate) => weighed.saving.timeShare ?? 0;
  return [...chosen, ...pairs, ...deep, ...largerCard(view)].sort((a, b) => a.depth - b.depth || time(a) - time(b));
}

/** The candidates as fixes, or why they are none. */
function written(view: RuleView, candidates: readonly Candidate[]): Pick<Finding, 'fixes' | 'refusals'> {
  const proposed = candidates.map((one) => ({ ...write(view, one), depth: one.depth }));
  return { fixes: rank(proposed), refusals: proposed.flatMap((one) => (one.refused ? [one.refused] : [])) };
}

function fitting(view: RuleView, all: readonly Remedy[]): readonly Candidate[] {
  return all.flatMap((remedy) => {
    const weighed = weigh(view, remedy.changes);
    return fitsIn(weighed.after.memory) ? [{ ...remedy, weighed }] : [];
  });
}

/** Of several splits of the batch only the largest that fits: smaller ones cost more and bring nothing. */
function smallestSplit(candidates: readonly Candidate[]): readonly Candidate[] {
  const isSplit = (one: Candidate) => /Micro batch/i.test(one.title);
  const first = candidates.find(isSplit);
  return candidates.filter((one) => !isSplit(one) || one === first);
}

/** Recomputation together with a smaller micro batch, or with one change of another kind. */
function pairsOf(view: RuleView, single: readonly Remedy[]): readonly Remedy[] {
  const [again] = recompute(view);
  const others = single.filter((one) => one.depth < 3 && one.title !== again?.title);
  const [half] = splits(view).slice(-1);
  const bases = [again, half].flatMap((one) => (one ? [one] : []));
  return bases.flatMap((base) =>
    others.flatMap((other): readonly Remedy[] => {
      const names = base.changes.map((change) => change.name);
      if (other === base || other.changes.some((change) => names.includes(change.name))) return [];
      const effect = other.effect ?? base.effect;
      return [
        {
          title: `${base.title}, ${lower(other.title)}`,
          changes: [...base.changes, ...other.changes],
          ...(other.or ? { or: other.or.map((one): readonly SpecChange[] => [...base.changes, ...one]) } : {}),
          safe: base.safe && other.safe,
          ...(effect === undefined ? {} : { effect }),
          depth: Math.max(base.depth, other.depth) as Remedy['depth'],
        },
      ];
    }),
  );
}

/** Where no two changes do: each change of what is trained, with recomputation and the smallest micro batch. */
function deepest(view: RuleView, single: readonly Remedy[]): readonly Remedy[] {
  const small = [recompute(view)[0], splits(view).at(-1)].flatMap((one) => one ?? []);
  const rest = small.flatMap((one) => one.changes);
  const names = rest.map((change) => change.name);
  return single
    .filter(({ depth, changes }) => depth >= 2 && !changes.some(({ name }) => names.includes(name)))
    .map((one) => ({
      ...one,
      title: [one.title, ...small.map(({ title }) => lower(title))].join(', '),
      changes: [...one.changes, ...rest],
      ...(one.or ? { or: one.or.map((other): readonly SpecChange[] => [...other, ...rest]) } : {}),
      safe: false,
    }));
}

function lower(title: string): string {
  return title.charAt(0).toLowerCase() + title.slice(1);
}

/** The card with the least memory on which the job fits as it is, in a sentence; empty where there is none. */
function wherever(view: RuleView): string {
  const now = cardOf(view);
  if (!now) return '';
  const larger = view.catalog.accelerators
    .filter((card) => card.vendor === now.vendor && hasArmHost(card) === hasArmHost(now) && card.memory > now.memory)
    .sort((a, b) => a.memory - b.memory);
  const sizes = new Set<number>();
  for (const card of larger) {
    if (sizes.has(card.memory)) continue;
    sizes.add(card.memory);
    const { memory } = view.reestimate([{ name: 'hardware.accelerator', value: card.name }]);
    if (memory?.capacity && memory.fits === 'yes')
      return ` It fits as it is on ${card.name} (${formatGiB(memory.device.likely)} of ${formatGiB(memory.capacity)} GiB).`;
  }
  return '';
}

/** The cheapest card with more memory on which the job fits as it is. */
function largerCard(view: RuleView): readonly Candidate[] {
  const now = cardOf(view);
  const [best] = otherCards(view, (card) => now !== undefined && card.memory > now.memory)
    .filter(({ after }) => fitsIn(after.memory))
    .sort((a, b) => (a.saving.costShare ?? 0) - (b.saving.costShare ?? 0));
  if (!best) return [];
  const effect = 'changes hardware';
  return [{ title: `Move to ${best.card.name}`, changes: best.changes, safe: false, effect, depth: 3, weighed: best }];
}

/** Writes a remedy in the first of its spellings that a file takes; the title says that it fits, and what it costs. */
function write(view: RuleView, { weighed, ...remedy }: Candidate): Pick<Proposed, 'fix' | 'refused'> {
  const first = propose(view, remedy, weighed);
  const other = first.fix
    ? undefined
    : remedy.or
        ?.map((changes) => propose(view, { ...remedy, changes }))
        .find((one) => one.fix && fitsIn(one.after.memory));
  const taken = other ?? first;
  const { fix, refused } = taken;
  return { fix: fix && { ...fix, title: titleOf(view, remedy, taken) }, refused };
}

const isShorter = ({ changes }: Remedy) => changes.some(({ name }) => name === 'data.seq_len');

function titleOf(view: RuleView, remedy: Remedy, { after, saving }: Weighed): string {
  const { device, capacity } = after.memory ?? {};
  const room = device && capacity ? `fits (${formatGiB(device.likely)} of ${formatGiB(capacity)} GiB)` : 'fits';
  // What a server that does not start costs a token is no measure; nor is the time of shorter samples where nobody counts them.
  const known = view.spec.task !== 'serving' && !(isShorter(remedy) && view.estimate.time?.run === undefined);
  const { timeShare = 0, costShare } = known ? saving : {};
  const parts = [
    ...(Math.abs(timeShare) >= 0.03 ? [`${formatShare(timeShare)} time`] : []),
    ...(costShare !== undefined && Math.abs(costShare - timeShare) >= 0.1 ? [`${formatShare(costShare)} cost`] : []),
  ];
  return `${remedy.title}: ${[room, ...parts].join(', ')}${remedy.effect ? `; ${remedy.effect}` : ''}`;
}

/** The fixes in the order of their depth; preferred is the first of those that train the same thing on the same card. */
function rank(proposed: readonly (Pick<Proposed, 'fix'> & { readonly depth: number })[]): readonly Fix[] {
  const fixes = proposed.flatMap(({ fix, depth }) => (fix ? [{ fix, depth }] : [])).slice(0, mostFixes);
  return fixes.map(({ fix, depth }, index) => ({ ...fix, preferred: index === 0 && depth < 2 }));
}
