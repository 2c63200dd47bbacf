import type { Catalog } from '../catalog/catalog.ts';
import { rules } from '../rules/index.ts';
import { type Field, fieldAt, type MapField, type Names } from './field.ts';
import { type Place, placeAt } from './place.ts';
import { projectSchema } from './schema.ts';

/** One thing that could stand at the cursor in a project file. */
export interface Suggestion {
  readonly label: string;
  /** Text that takes the place of `start` to `end`. */
  readonly insert: string;
  readonly start: number;
  readonly end: number;
  readonly kind: 'key' | 'value';
  /** What may be written there, in a few words. */
  readonly detail: string;
  readonly doc: string;
}

/** What could stand at an offset of the project file's text: keys that fit and are not there yet, or values. Never throws. */
export function completeProject(text: string, offset: number, catalog: Catalog): readonly Suggestion[] {
  const place = placeAt(text, offset);
  if (!place) return [];
  const holder = fieldAt(projectSchema, place.path);
  if (place.role === 'key') return keysOf(holder, place, catalog);
  const field = holder?.kind === 'list' ? holder.item : fieldAt(projectSchema, [...place.path, place.key ?? '']);
  return valuesOf(field, place, text, catalog);
}

/** What a field may hold, in a few words. */
export function describeField(field: Field): string {
  switch (field.kind) {
    case 'text':
      return field.choices ? `one of ${field.choices.join(', ')}` : 'text';
    case 'number': {
      const most = field.most === undefined ? '' : `, at most ${field.most}`;
      return `${field.whole ? 'whole number' : 'number'} above ${field.above}${most}`;
    }
    case 'date':
      return 'date';
    case 'list':
      return 'list';
    case 'table':
      return `mapping by ${field.keys}`;
    case 'map':
      return 'mapping';
  }
}

function keysOf(holder: Field | undefined, place: Place, catalog: Catalog): readonly Suggestion[] {
  if (holder?.kind === 'list')
    return holder.item.kind === 'map' && !place.flow
      ? mapKeys(holder.item, { ...place, indent: place.indent + 2 }, '- ')
      : [];
  if (holder?.kind === 'map') return mapKeys(holder, place, '');
  if (holder?.kind !== 'table' || !holder.names) return [];
  const names = [...(holder.value.kind === 'number' ? ['"*"'] : []), ...namesOf(holder.names, '', catalog)];
  return names
    .filter((name) => !place.present.includes(name.replaceAll('"', '')))
    .map((name) => ({
      label: name,
      insert: `${name}${opening(holder.value, place)}`,
      start: place.start,
      end: place.end,
      kind: 'key',
      detail: describeField(holder.value),
      doc: holder.value.doc,
    }));
}

function mapKeys(map: MapField, place: Place, lead: string): readonly Suggestion[] {
  return Object.entries(map.fields)
    .filter(([name]) => !place.present.includes(name))
    .map(([name, field]) => ({
      label: name,
      insert: `${lead}${name}${opening(field, place)}`,
      start: place.start,
      end: place.end,
      kind: 'key',
      detail: `${describeField(field)}${map.required?.includes(name) ? ', required' : ''}`,
      doc: field.doc,
    }));
}

/** What follows a key: its colon, and for a block the next line's indent. */
function opening(field: Field, { indent, flow }: Place): string {
  const nested = field.kind === 'map' || field.kind === 'table' || field.kind === 'list';
  if (!nested || flow) return ': ';
  return `:\n${' '.repeat(indent + 2)}${field.kind === 'list' ? '- ' : ''}`;
}

function valuesOf(field: Field | undefined, place: Place, text: string, catalog: Catalog): readonly Suggestion[] {
  if (field?.kind !== 'text') return [];
  const values = field.choices ?? (field.names ? namesOf(field.names, text, catalog) : []);
  // A word right after the colon is no value of YAML: the space comes with the suggestion.
  const lead = text[place.start - 1] === ':' ? ' ' : '';
  return values.map((value) => ({
    label: value,
    insert: `${lead}${value}`,
    start: place.start,
    end: place.end,
    kind: 'value',
    detail: '',
    doc: field.doc,
  }));
}

/** Currencies that cloud bills and finance departments come in. */
const currencies = [
  'USD',
  'EUR',
  'GBP',
  'CHF',
  'JPY',
  'CNY',
  'INR',
  'KRW',
  'CAD',
  'AUD',
  'SEK',
  'NOK',
  'DKK',
  'PLN',
  'BRL',
];

function namesOf(names: Names, text: string, catalog: Catalog): readonly string[] {
  const cloud = /^cloud:\s*["']?([a-z]+)/m.exec(text)?.[1];
  switch (names) {
    case 'accelerator':
      return catalog.accelerators.map(({ name }) => name);
    case 'cloud':
      return [...new Set(catalog.instances.map((one) => one.cloud))].sort();
    case 'region':
      return [...new Set(catalog.offers(cloud === undefined ? {} : { cloud }).map(({ region }) => region))].sort();
    case 'instance':
      return catalog.instances.filter((one) => cloud === undefined || one.cloud === cloud).map(({ type }) => type);
    case 'currency':
      return currencies;
    case 'rule':
      return rules.map(({ id }) => id);
  }
}
