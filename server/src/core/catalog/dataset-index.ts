import { likely } from '../workload/known.ts';
import type { DatasetEntry } from './catalog.ts';
import type { Rows } from './rows.ts';
import type { DatasetRow } from './tables/datasets.ts';

/** Finds the figures of a dataset, of a config and split where given. */
export type FindDataset = (id: string, config?: string, split?: string) => DatasetEntry | undefined;

/**
 * Index of datasets: exact id, then alias, in any case; among its rows the config asked for (a row without config
 * stands for any), then the split asked for, else `train`, else the total. Where no config is named, the one that is
 * loaded then, or any where all hold the same number of examples. A slice (`train[:10%]`) is the caller's to apply.
 */
export function indexDatasets(rows: Rows<DatasetRow>): FindDataset {
  const byId = new Map<string, number[]>();
  const byAlias = new Map<string, number[]>();
  const add = (map: Map<string, number[]>, key: string, row: number) => {
    const list = map.get(key);
    if (list) list.push(row);
    else map.set(key, [row]);
  };
  for (let i = 0; i < rows.size; i++) {
    add(byId, (rows.text(i, 'id') ?? '').toLowerCase(), i);
    for (const alias of rows.list(i, 'aliases')) add(byAlias, alias.toLowerCase(), i);
  }
  return (id, config, split) => {
    const key = id.trim().toLowerCase();
    const all = (byId.get(key) ?? byAlias.get(key) ?? []).flatMap((row) => rows.at(row)?.entry ?? []);
    if (all.length === 0) return undefined;
    const wanted = config?.toLowerCase();
    const ofConfig = wanted === undefined ? all : all.filter((one) => one.config?.toLowerCase() === wanted);
    const open = ofConfig.length > 0 ? ofConfig : all.filter((one) => one.config === undefined);
    const base = split?.replace(/\[.*$/, '').toLowerCase() || 'train';
    const ofSplit = (name: string) => open.filter((one) => (one.split ?? 'all').toLowerCase() === name);
    const hits = [ofSplit(base), ofSplit(`${base}_sft`), ofSplit('all')].find((list) => list.length > 0) ?? [];
    const [first] = hits;
    if (!first || hits.length === 1) return first;
    // Several configs answer only where none was asked for: the default one, else one that is as large as all others.
    const counts = new Set(hits.map((one) => one.examples && likely(one.examples)));
    const alike = counts.size === 1 && !counts.has(undefined);
    return hits.find((one) => one.config === undefined || one.config === 'default') ?? (alike ? first : undefined);
  };
}
