import { likely } from '../workload/known.ts';
import type { ModelEntry } from './catalog.ts';
import { nameBeginnings } from './model-beginning.ts';
import { modelBasename, modelCore } from './model-name.ts';
import type { Rows } from './rows.ts';
import type { ModelRow } from './tables/models.ts';

/** Finds a model by hub id, alias, path or the name of a derivative. */
export type FindModel = (id: string) => ModelEntry | undefined;

/**
 * Index of models. In order: the id or an alias in any case; the same name under another owner or in a local folder;
 * a derivative whose name differs by storage or tuning endings only, where all rows of that name have one architecture;
 * a model that was trained further and whose name begins with its base's. All but the first say so in `derivedFrom`.
 */
export function indexModels(models: Rows<ModelRow>, vision: () => Rows<ModelRow>): FindModel {
  const language = indexRows(models, modelNames);
  let images: FindModel | undefined;
  const search: FindModel = (id) => {
    const found = language(id);
    if (found && !found.derivedFrom && (found.architecture || found.modelKind !== 'vision')) return found;
    images ??= indexRows(vision(), visionNames);
    const network = images(id);
    // What one table only counts, the other may have measured.
    return found && !found.derivedFrom && !found.architecture
      ? { ...found, ...(network?.architecture ? { architecture: network.architecture } : {}) }
      : (network ?? found);
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

/** The names that a row answers to, as they lie in it. */
type NamesOf = (rows: Rows<ModelRow>, row: number) => readonly string[];

function indexRows(rows: Rows<ModelRow>, namesOf: NamesOf): FindModel {
  const exact = new Map<string, number>();
  const byName = new Map<string, number>();
  for (let i = 0; i < rows.size; i++) {
    for (const name of namesOf(rows, i)) {
      const key = name.toLowerCase();
      if (!exact.has(key)) exact.set(key, i);
      const base = key.slice(key.lastIndexOf('/') + 1);
      if (!byName.has(base)) byName.set(base, i);
    }
  }
  const entryAt = (row: number | undefined) => (row === undefined ? undefined : rows.at(row)?.entry);
  const tuned = (name: string): ModelEntry | undefined => {
    for (const beginning of nameBeginnings(name)) {
      const base = entryAt(byName.get(beginning.name) ?? byName.get(`meta-${beginning.name}`));
      // Names of networks for images go on with what changes their blocks.
      if (base && base.modelKind !== 'vision') return derived(base, `has a name that begins with that of ${base.id}`);
    }
    return undefined;
  };
  let siblingsOf: ((core: string) => readonly ModelEntry[]) | undefined;
  const derived = (entry: ModelEntry, how: string): ModelEntry => ({ ...entry, derivedFrom: { id: entry.id, how } });
  return (id) => {
    const asked = id.trim().toLowerCase().replace(prefix, '').replace(/\/+$/, '');
    if (!asked) return undefined;
    const known = entryAt(exact.get(asked));
    if (known) return known;
    const name = modelBasename(asked);
    const named = entryAt(byName.get(name));
    if (named) return derived(named, `has the name of ${named.id}`);
    const tagged = entryAt(byName.get(name.replace(/\.[a-z0-9_]+$/, '')));
    if (tagged?.modelKind === 'vision') return derived(tagged, `is a set of weights of ${tagged.id}`);
    const { core, taken } = modelCore(asked);
    siblingsOf ??= indexCores(rows, namesOf);
    const siblings = siblingsOf(core);
    const first = siblings[0];
    if (!first) return tuned(name);
    if (siblings.some((one) => dimensions(one) !== dimensions(first))) return undefined;
    const without = taken.join('');
    return derived(first, without ? `is ${first.id} by its name without "${without}"` : `is spelled like ${first.id}`);
  };
}

/** Ids that are remembered, and the longest of them. */
const maximumKept = 1024;
const longestKept = 200;

/** What an id may begin with that is no part of the name. */
const prefix = /^(?:hf:\/\/|https:\/\/huggingface\.co\/)/;

/** Finds the rows that have one core. A core begins what is left of a name without its separators, so few names are taken apart. */
function indexCores(rows: Rows<ModelRow>, namesOf: NamesOf): (core: string) => readonly ModelEntry[] {
  const byLetter = new Map<string, { readonly row: number; readonly name: string }[]>();
  for (let row = 0; row < rows.size; row++)
    for (const name of namesOf(rows, row)) {
      const letter = firstLetter(name);
      const list = byLetter.get(letter);
      if (list) list.push({ row, name });
      else byLetter.set(letter, [{ row, name }]);
    }
  return (core) => {
    const near = byLetter.get(core.charAt(0)) ?? [];
    const found = near.filter(({ name }) => modelCore(name).core === core);
    return [...new Set(found.map(({ row }) => row))].flatMap((row) => rows.at(row)?.entry ?? []);
  };
}

/** With what a name's core begins: owners write Meta's models with and without their name before them. */
function firstLetter(name: string): string {
  const base = name.slice(name.lastIndexOf('/') + 1).toLowerCase();
  return base.charAt(base.startsWith('meta-') ? 'meta-'.length : 0);
}

const modelNames: NamesOf = (rows, row) => [rows.text(row, 'id') ?? '', ...rows.list(row, 'aliases')];

const visionNames: NamesOf = (rows, row) => {
  const name = rows.text(row, 'name') ?? '';
  return [`${rows.text(row, 'library')}/${name}`, name, ...rows.list(row, 'aliases')];
};

/** What two rows must share to be one architecture: everything but the reach of positions, and the side of images that a network was measured at. */
function dimensions({ architecture, parameters, modelKind }: ModelEntry): string {
  if (!architecture || modelKind === 'vision') return String(likely(parameters));
  return JSON.stringify({ ...architecture, maximumPosition: undefined });
}
