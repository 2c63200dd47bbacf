import type { Catalog } from '../../catalog/catalog.ts';
import type { Settings } from '../../settings.ts';
import { exact, type Known, likely, unknown } from '../known.ts';
import type { DataSpec } from '../spec.ts';
import type { FactView } from './fact-view.ts';

/** The data of a run: lengths as stated, sizes from the files, the settings or the dataset table. */
export function resolveData(facts: FactView, catalog: Catalog, settings: Settings): DataSpec {
  const name = facts.get('data.dataset');
  const split = facts.get('data.split');
  const entry = name === undefined ? undefined : catalog.dataset(name, facts.get('data.config'), split);
  const setting = (key: string) => ({ kind: 'setting', key }) as const;
  const inTable = (value: Known<number> | undefined) => (value && value.kind !== 'unknown' ? value : undefined);
  const stated = (fact: 'data.num_examples' | 'data.num_tokens' | 'data.mean_length') =>
    facts.get(fact) === undefined ? undefined : facts.known(fact);
  const examples =
    stated('data.num_examples') ??
    (facts.get('training.train_samples') === undefined ? undefined : facts.known('training.train_samples')) ??
    (settings.dataset?.examples === undefined
      ? undefined
      : exact(settings.dataset.examples, setting('flopwise.dataset.examples'))) ??
    inTable(entry?.examples);
  const tokens =
    stated('data.num_tokens') ??
    (settings.dataset?.tokens === undefined
      ? undefined
      : exact(settings.dataset.tokens, setting('flopwise.dataset.tokens'))) ??
    inTable(entry?.tokens);
  const meanLength = stated('data.mean_length') ?? inTable(entry?.meanTokens) ?? meanOf(tokens, examples);
  return {
    ...(name === undefined ? {} : { dataset: facts.known('data.dataset') }),
    sequenceLength: sequenceLength(facts),
    ...(meanLength ? { meanLength } : {}),
    packed: facts.known('data.packing'),
    ...(examples ? { examples } : {}),
    ...(tokens ? { tokens } : {}),
    ...(facts.get('data.image_size') === undefined ? {} : { imageSize: facts.known('data.image_size') }),
    ...(facts.get('data.num_workers') === undefined ? {} : { workers: facts.known('data.num_workers') }),
  };
}

function meanOf(tokens: Known<number> | undefined, examples: Known<number> | undefined): Known<number> | undefined {
  const total = tokens && likely(tokens);
  const count = examples && likely(examples);
  if (!total || !count || tokens.kind !== 'exact') return undefined;
  return exact(total / count, tokens.origin);
}

/** Tokens of a sample at most; for reinforcement learning the prompt and its completion. */
function sequenceLength(facts: FactView): Known<number> {
  const stated = facts.known('data.seq_len');
  if (stated.kind !== 'unknown') return stated;
  const prompt = facts.get('rl.max_prompt_length');
  const completion = facts.get('rl.max_completion_length');
  if (completion !== undefined) return facts.from((prompt ?? 0) + completion, 'rl.max_completion_length');
  return unknown(stated.reason);
}
