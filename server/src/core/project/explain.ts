import type { Catalog } from '../catalog/catalog.ts';
import { formatDate } from '../catalog/price-age.ts';
import { rules } from '../rules/index.ts';
import type { Settings } from '../settings.ts';
import type { Span } from '../source/span.ts';
import type { DataDocument, DataNode } from '../syntax/data.ts';
import { formatMoney } from '../units/format.ts';
import { describeField } from './complete.ts';
import { type Field, fieldAt } from './field.ts';
import { readProject } from './project.ts';
import { projectSchema } from './schema.ts';

/** What is said of a key of the project file: sentences, the first its meaning. */
export interface Explanation {
  readonly span: Span;
  readonly sentences: readonly string[];
}

/** The meaning of the key or value at an offset, and what it comes to; undefined where no known key stands. */
export function explainProject(
  documents: readonly DataDocument[],
  offset: number,
  catalog: Catalog,
): Explanation | undefined {
  const [document] = documents;
  const found = document?.root && entryAt(document.root, offset, []);
  if (!found) return undefined;
  const field = fieldAt(projectSchema, found.path);
  if (!field) return undefined;
  const { settings } = readProject(documents, catalog);
  return {
    span: found.span,
    sentences: [field.doc, ...limits(field), ...comesTo(found.path, settings, catalog)],
  };
}

interface Found {
  readonly path: readonly string[];
  readonly span: Span;
}

/** The innermost key whose own place, or whose plain value, holds the offset. */
function entryAt(node: DataNode, offset: number, path: readonly string[]): Found | undefined {
  const holds = ({ start, end }: Span) => start <= offset && offset <= end;
  if (node.kind === 'list') {
    for (const item of node.items) {
      const found = entryAt(item, offset, [...path, '-']);
      if (found) return found;
    }
    return undefined;
  }
  if (node.kind !== 'map') return undefined;
  for (const { key, keySpan, value } of node.entries) {
    const here = [...path, key];
    if (holds(keySpan)) return { path: here, span: keySpan };
    if (value.kind === 'scalar' && holds(value.span)) return { path: here, span: value.span };
    const found = entryAt(value, offset, here);
    if (found) return found;
  }
  return undefined;
}

function limits(field: Field): readonly string[] {
  return field.kind === 'map' || field.kind === 'list' ? [] : [`May be: ${describeField(field)}.`];
}

/** What an own rate comes to beside the list: the rate in use, and the cheapest list price with its date. */
function comesTo(path: readonly string[], settings: Partial<Settings>, catalog: Catalog): readonly string[] {
  const [table = '', name = ''] = path;
  const rule = table === 'rules' && path.length === 2 ? rules.find(({ id }) => id === name) : undefined;
  if (rule) return [`${rule.meta.title}.`, rule.meta.why];
  if (path.length < 2 || (table !== 'rates' && table !== 'on_premise')) return [];
  const sentences: string[] = [];
  const currency = settings.currency ?? 'USD';
  const exchange = settings.exchangeRate ?? 1;
  const shown = (dollars: number) => formatMoney({ currency, micros: Math.round(dollars * exchange * 1e6) });
  const rate = settings.rates?.[name];
  if (rate !== undefined) sentences.push(`Comes to ${shown(rate)} per accelerator-hour.`);
  const chip = catalog.accelerator(name);
  const [list] = chip ? catalog.offers({ accelerator: chip.name, kind: 'on-demand' }) : [];
  if (chip && list)
    sentences.push(
      `${chip.name}: the cheapest list price is ${shown(list.perHour.micros / 1e6 / list.count)} (${list.cloud}, on demand, ${formatDate(list)}).`,
    );
  return sentences;
}
