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
export function indexModels(rows: readonly ModelRow[]): FindModel {
  const exact = new Map<string, ModelEntry>();
  const byName = new Map<string, ModelEntry>();
  const byCore = new Map<string, ModelEntry[]>();
  const claim = (map: Map<string, ModelEntry>, key: string, entry: ModelEntry) => {
    if (!map.has(key)) map.set(key, entry);
  };
  for (const { entry, aliases } of rows) {
    for (const name of [entry.id, ...aliases]) {
      claim(exact, name.toLowerCase(), entry);
      claim(byName, modelBasename(name), entry);
      const { core } = modelCore(name);
      const same = byCore.get(core);
      if (!same) byCore.set(core, [entry]);
      else if (!same.includes(entry)) same.push(entry);
    }
  }
  const derived = (entry: ModelEntry, how: string): ModelEntry => ({ ...entry, derivedFrom: { id: entry.id, how } });
  return (id) => {
    const asked = id
      .trim()
      .toLowerCase()
      .replace(/^(?:hf:\/\/|https:\/\/huggingface\.co\/)/, '')
      .replace(/\/+$/, '');
    if (!asked) return undefined;
    const known = exact.get(asked);
    if (known) return known;
    const name = modelBasename(asked);
    const untagged = name.replace(/\.[a-z0-9_]+$/, '');
    const named = byName.get(name);
    if (named) return derived(named, `has the name of ${named.id}`);
    const tagged = untagged === name ? undefined : byName.get(untagged);
    if (tagged?.modelKind === 'vision') return derived(tagged, `is a set of weights of ${tagged.id}`);
    const { core, taken } = modelCore(asked);
    const siblings = byCore.get(core);
    const first = siblings?.[0];
    if (!siblings || !first || siblings.some((one) => dimensions(one) !== dimensions(first))) return undefined;
    return derived(
      first,
      taken.length > 0 ? `is ${first.id} by its name without "${taken.join('')}"` : `is spelled like ${first.id}`,
    );
  };
}

/** What two rows must share to be one architecture: everything but the reach of positions. */
function dimensions({ architecture, parameters }: ModelEntry): string {
  if (!architecture) return JSON.stringify(parameters);
  return JSON.stringify({ ...architecture, maximumPosition: undefined });
}
