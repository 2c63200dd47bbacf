import type { FactName } from '../facts/vocabulary.ts';
import type { SpecChange } from '../readers/reader.ts';
import { phraseSaving } from '../rules/compare.ts';
import type { Candidate } from '../search/search.ts';
import { formatDurationInterval, formatMoneyInterval } from '../units/format.ts';
import { phraseCost, phraseDevices, phraseMemory, phraseOffer, phraseTime } from './phrases.ts';

/** One candidate as text: what it runs on, how it differs, and what that brings. */
export interface CandidateRow {
  /** "8 x H100". */
  readonly machines: string;
  /** "aws us-east-1 on-demand, 2026-07-30", with the machine type. */
  readonly offer: string;
  /** "micro batch 8, accumulation 2, recompute on"; "as it is" where only the machines differ or nothing does. */
  readonly settings: string;
  readonly time: string;
  readonly cost: string;
  readonly perHour: string;
  readonly memory: string;
  /** "-43 % cost, +12 % time"; "now" for the job as it stands. */
  readonly effect: string;
  readonly safe: boolean;
}

/** Words for the facts that a search changes, beside those of the place. */
const words: Partial<Record<FactName, (value: SpecChange['value']) => string>> = {
  'training.per_device_batch_size': (value) => `micro batch ${value}`,
  'training.gradient_accumulation_steps': (value) => `accumulation ${value}`,
  'training.gradient_checkpointing': (value) => (value ? 'recompute on' : 'recompute off'),
  'training.precision': (value) => String(value),
  'training.global_batch_size': (value) => `global batch ${value}`,
  'training.max_steps': (value) => `${value} steps`,
  'serving.tp': (value) => `tensor parallel ${value}`,
  'parallel.tp': (value) => `tensor parallel ${value}`,
  'serving.max_num_seqs': (value) => `${value} sequences at once`,
  'serving.kv_dtype': (value) => `KV cache in ${value}`,
  'quantization.method': (value) => `weights in ${value}`,
  'job.queue': (value) => `pool ${value}`,
  'parallel.zero_stage': (value) => `ZeRO stage ${value}`,
  'parallel.fsdp_sharding': (value) => String(value).replaceAll('_', ' '),
};

/** A candidate beside the job as it stands. */
export function describeCandidate(candidate: Candidate): CandidateRow {
  const { spec, estimate, changes, safe, place, saving } = candidate;
  const { cost, memory, serving } = estimate;
  const served = serving?.requestSeconds;
  const perToken = serving && cost?.perMillionTokens;
  const settings = changes.flatMap(({ name, value }) => words[name]?.(value) ?? []);
  return {
    machines: phraseDevices(spec),
    offer: cost ? [place.instanceType, phraseOffer(cost)].filter(Boolean).join(', ') : 'price unknown',
    settings: settings.join(', ') || 'as it is',
    time: served ? `${formatDurationInterval(served)} a request` : phraseTime(estimate),
    cost: perToken ? `${formatMoneyInterval(perToken)} per 1M tokens` : phraseCost(estimate),
    perHour: cost ? `${formatMoneyInterval(cost.perHour)}/h` : 'unknown',
    memory: memory ? phraseMemory(memory) : 'unknown',
    effect: changes.length === 0 ? 'now' : phraseSaving(saving) || 'no change',
    safe,
  };
}
