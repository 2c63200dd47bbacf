import type { ModelEntry } from './catalog.ts';
import { modelBasename, modelCore } from './model-name.ts';
import type { ModelRow } from './tables/models.ts';

/** Finds a model by hub id, alias, path or the name of a derivative. */
export type FindModel = (id: string) => ModelEntry | undefined;

/**
 * Index of models. In order: the id or an alias in any case; the same name under another owner or in a local folder;
 * a derivative whose name differs by storage or tuning endings only, where all rows of that name have one architecture.
 * The last two say so in `derivedFrom`.
 */
export function indexModels(models: readonly ModelRow[], vision: () => readonly ModelRow[]): FindModel {
  const language = indexRows(models);
  let images: FindModel | undefined;
  const search: FindModel = (id) => {
    const found = language(id);
    if (found && !found.derivedFrom) return found;
    images ??= indexRows(vision());
    return images(id) ?? found;
  };
  // Every "what if" of a job asks for the same few models. Names come from files, so what is kept is bounded.
  const known = new Map<string, ModelEntry | undefined>();
  return (id) => {
    if (known.has(id)) return known.get(id);
    const found = search(id);
    if (known.size < maximumKept && id.length <= longestKept) known.set(id, found);
    return found;
  };
}

function indexRows(rows: readonly ModelRow[]): FindModel {
  const exact = new Map<string, ModelEntry>();
  const byName = new Map<string, ModelEntry>();
  for (const { entry, aliases } of rows) {
    for (const name of [entry.id, ...aliases]) {
      const key = name.toLowerCase();
      if (!exact.has(key)) exact.set(key, entry);
      const base = key.slice(key.lastIndexOf('/') + 1);
      if (!byName.has(base)) byName.set(base, entry);
    }
  }
  let cores: ReadonlyMap<string, readonly ModelEntry[]> | undefined;
  const derived = (entry: ModelEntry, how: string): ModelEntry => ({ ...entry, derivedFrom: { id: entry.id, how } });
  return (id) => {
    const asked = id.trim().toLowerCase().replace(prefix, '').replace(/\/+$/, '');
    if (!asked) return undefined;
    const known = exact.get(asked);
    if (known) return known;
    const name = modelBasename(asked);
    const named = byName.get(name);
    if (named) return derived(named, `has the name of ${named.id}`);
    const tagged = byName.get(name.replace(/\.[a-z0-9_]+$/, ''));
    if (tagged?.modelKind === 'vision') return derived(tagged, `is a set of weights of ${tagged.id}`);
    const { core, taken } = modelCore(asked);
    cores ??= indexCores(rows);
    const siblings = cores.get(core);
    const first = siblings?.[0];
    if (!siblings || !first || siblings.some((one) => dimensions(one) !== dimensions(first))) return undefined;
    const without = taken.join('');
    return derived(first, without ? `is ${first.id} by its name without "${without}"` : `is spelled like ${first.id}`);
  };
}

/** Ids that are remembered, and the longest of them. */
const maximumKept = 1024;
const longestKept = 200;

/** What an id may begin with that is no part of the name. */
const prefix = /^(?:hf:\/\/|https:\/\/huggingface\.co\/)/;

function indexCores(rows: readonly ModelRow[]): ReadonlyMap<string, readonly ModelEntry[]> {
  const cores = new Map<string, ModelEntry[]>();
  for (const { entry, aliases } of rows) {
    for (const name of [entry.id, ...aliases]) {
      const { core } = modelCore(name);
      const same = cores.get(core);
      if (!same) cores.set(core, [entry]);
      else if (!same.includes(entry)) same.push(entry);
    }
  }
  return cores;
}

/** What two rows must share to be one architecture: everything but the reach of positions. */
function dimensions({ architecture, parameters }: ModelEntry): string {
  if (!architecture) return JSON.stringify(parameters);
  return JSON.stringify({ ...architecture, maximumPosition: undefined });
}
