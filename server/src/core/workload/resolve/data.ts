import type { Catalog } from '../../catalog/catalog.ts';
import { placeOfBucket } from '../../lifecycle/placement.ts';
import type { Settings } from '../../settings.ts';
import { exact, type Known, likely, originOf, unknown } from '../known.ts';
import type { DataSpec } from '../spec.ts';
import { type DatasetSizes, sizesOfSplit } from './dataset-split.ts';
import type { FactView } from './fact-view.ts';

/** The data of a run: lengths as stated, sizes from the files, the dataset table or, for a dataset of no table, the settings. */
export function resolveData(facts: FactView, catalog: Catalog, settings: Settings): DataSpec {
  const name = facts.get('data.dataset');
  const entry = name === undefined ? undefined : lookUp(facts, catalog, name);
  const setting = (key: string) => ({ kind: 'setting', key }) as const;
  const inTable = (value: Known<number> | undefined) => (value && value.kind !== 'unknown' ? value : undefined);
  const stated = (fact: 'data.num_examples' | 'data.num_tokens' | 'data.mean_length') =>
    facts.get(fact) === undefined ? undefined : facts.known(fact);
  const examples =
    stated('data.num_examples') ??
    (facts.get('training.train_samples') === undefined ? undefined : facts.known('training.train_samples')) ??
    inTable(entry?.examples) ??
    (settings.dataset?.examples === undefined
      ? undefined
      : exact(settings.dataset.examples, setting('flopwise.dataset.examples')));
  const tokens =
    stated('data.num_tokens') ??
    inTable(entry?.tokens) ??
    (settings.dataset?.tokens === undefined
      ? undefined
      : exact(settings.dataset.tokens, setting('flopwise.dataset.tokens')));
  const meanLength = stated('data.mean_length') ?? inTable(entry?.meanTokens) ?? meanOf(tokens, examples);
  return {
    ...(name === undefined ? {} : { dataset: facts.known('data.dataset') }),
    sequenceLength: sequenceLength(facts),
    ...(meanLength ? { meanLength } : {}),
    ...(facts.get('data.target_len') === undefined ? {} : { targetLength: facts.known('data.target_len') }),
    ...(facts.get('data.texts_per_sample') === undefined
      ? {}
      : { textsPerSample: facts.known('data.texts_per_sample') }),
    packed: facts.known('data.packing'),
    ...(facts.get('data.padding_free') === undefined ? {} : { paddingFree: facts.known('data.padding_free') }),
    ...(facts.get('data.group_by_length') === undefined
      ? {}
      : { groupedByLength: facts.known('data.group_by_length') }),
    ...(examples ? { examples } : {}),
    ...(tokens ? { tokens } : {}),
    ...pictureSize(facts),
    ...(facts.get('data.frames') === undefined ? {} : { frames: facts.known('data.frames') }),
    ...(entry?.imageSide ? { ownImageSize: entry.imageSide } : {}),
    ...bucketOf(facts, settings),
    ...(facts.get('data.num_workers') === undefined ? {} : { workers: facts.known('data.num_workers') }),
  };
}

/** Pixels a side: as stated, or the root of height and width. */
function pictureSize(facts: FactView): Pick<DataSpec, 'imageSize'> {
  const height = facts.get('data.image_height');
  const width = facts.get('data.image_width');
  if (height !== undefined && width !== undefined)
    return { imageSize: facts.from(Math.sqrt(height * width), 'data.image_height', 'data.image_width') };
  return facts.get('data.image_size') === undefined ? {} : { imageSize: facts.known('data.image_size') };
}

/** The bucket that the data is read from: named as such, or as the dataset itself; region and size from name, file or settings. */
function bucketOf(facts: FactView, settings: Settings): Pick<DataSpec, 'bucket'> {
  const name = (['data.bucket', 'data.dataset'] as const).find(
    (one) => placeOfBucket(facts.get(one) ?? '') !== undefined,
  );
  const address = name && facts.get(name);
  if (name === undefined || address === undefined) return {};
  const told = Object.entries(settings.lifecycle?.buckets ?? {}).find(
    ([key]) => key === '*' || address.startsWith(key),
  );
  const setting = { kind: 'setting', key: 'buckets' } as const;
  const inName = placeOfBucket(address)?.region;
  const region =
    facts.maybe('data.bucket_region') ??
    (told?.[1].region === undefined ? undefined : exact(told[1].region, setting)) ??
    (inName === undefined ? undefined : facts.from(inName, name));
  const bytes = told?.[1].bytes;
  const rereads = facts.maybe('data.bucket_rereads');
  return {
    bucket: {
      address: facts.known(name),
      ...(region ? { region } : {}),
      ...(bytes === undefined ? {} : { bytes: exact(bytes, setting) }),
      ...(rereads ? { rereads } : {}),
    },
  };
}

/** The table's row of a dataset; frameworks have names of their own for some, and a list is the sum of its parts. */
function lookUp(facts: FactView, catalog: Catalog, name: string): DatasetSizes | undefined {
  const one = (part: string) =>
    sizesOfSplit(facts.get('data.split'), (split) => catalog.dataset(part, facts.get('data.config'), split)) ??
    catalog.dataset(`${facts.stack}:${part}`);
  const parts = name.split(',').map((part) => part.trim());
  if (parts.length === 1) return one(name);
  const entries = parts.map(one);
  const [first] = entries;
  const examples = entries.map((entry) => entry?.examples && likely(entry.examples));
  if (!first?.examples || first.examples.kind === 'unknown' || examples.some((count) => count === undefined))
    return undefined;
  const origin = originOf(first.examples);
  const sum = examples.reduce<number>((total, count) => total + (count ?? 0), 0);
  return origin ? { examples: exact(sum, origin) } : undefined;
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
