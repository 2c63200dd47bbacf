import { nearestWords } from '../source/nearest.ts';
import type { Problem } from '../source/problem.ts';
import type { Span } from '../source/span.ts';
import type { DataMap, DataNode } from '../syntax/data.ts';
import type { Field, MapField } from './field.ts';

/** A value of the project file that fits its field, with its place. Maps and tables are by key, lists by position. */
export interface Checked {
  readonly span: Span;
  /** Place of the key in a table of open keys. */
  readonly keySpan?: Span;
  readonly text?: string;
  readonly number?: number;
  readonly entries?: ReadonlyMap<string, Checked>;
  readonly items?: readonly Checked[];
}

/**
 * Holds a value against its field. What does not fit is left out and named, at its place, with what would fit;
 * a map that lacks a required key is left out as a whole.
 */
export function checkNode(node: DataNode, field: Field, path: string, problems: Problem[]): Checked | undefined {
  const { span } = node;
  const refuse = (message: string, at: Span = span): undefined => {
    problems.push({ code: 'project-file', message, span: at });
  };
  switch (field.kind) {
    case 'map':
    case 'table':
      if (node.kind !== 'map')
        return isEmpty(node) ? undefined : refuse(`${path} must be a mapping of keys to values.`);
      return field.kind === 'map'
        ? checkMap(node, field, path, problems)
        : checkTable(node, field.value, path, problems);
    case 'list':
      if (node.kind !== 'list') return isEmpty(node) ? undefined : refuse(`${path} must be a list.`);
      return {
        span,
        items: node.items.flatMap((item, i) => checkNode(item, field.item, `${path}[${i + 1}]`, problems) ?? []),
      };
    case 'number': {
      const value = node.kind === 'scalar' ? node.value : undefined;
      if (typeof value !== 'number' || !Number.isFinite(value)) return refuse(`${path} must be a number.`);
      if (value <= field.above) return refuse(`${path} must be above ${field.above}.`);
      if (field.most !== undefined && value > field.most) return refuse(`${path} must be at most ${field.most}.`);
      if (field.whole && !Number.isInteger(value)) return refuse(`${path} must be a whole number.`);
      return { span, number: value };
    }
    case 'text':
    case 'date': {
      // A bare `off` is a flag to a YAML loader.
      const word = node.kind === 'scalar' && (typeof node.value === 'boolean' ? node.raw : node.value);
      const text = typeof word === 'string' || typeof word === 'number' ? String(word).trim() : '';
      if (node.kind !== 'scalar' || text === '') return refuse(`${path} must be a text.`);
      const choices = field.kind === 'text' ? field.choices : undefined;
      if (choices && !choices.includes(text))
        return refuse(`${path} must be one of ${choices.join(', ')}${like(text, choices)}.`);
      return { span, text };
    }
  }
}

function checkMap(node: DataMap, field: MapField, path: string, problems: Problem[]): Checked | undefined {
  const entries = new Map<string, Checked>();
  const keys = Object.keys(field.fields);
  for (const { key, keySpan, value } of node.entries) {
    const inner = Object.hasOwn(field.fields, key) ? field.fields[key] : undefined;
    if (!inner) {
      const message = `${path ? `${path} has` : 'There is'} no key "${key}"${like(key, keys)}.`;
      problems.push({ code: 'project-file', message, span: keySpan });
      continue;
    }
    const checked = checkNode(value, inner, path ? `${path}.${key}` : key, problems);
    if (checked) entries.set(key, checked);
  }
  const lacking = field.required?.filter((key) => !node.entries.some((entry) => entry.key === key)) ?? [];
  if (lacking.length > 0) {
    problems.push({ code: 'project-file', message: `${path} lacks ${lacking.join(' and ')}.`, span: node.span });
    return undefined;
  }
  if (field.required?.some((key) => !entries.has(key))) return undefined;
  return { span: node.span, entries };
}

function checkTable(node: DataMap, value: Field, path: string, problems: Problem[]): Checked {
  const entries = new Map<string, Checked>();
  for (const entry of node.entries) {
    const checked = checkNode(entry.value, value, `${path}.${entry.key}`, problems);
    if (checked) entries.set(entry.key, { ...checked, keySpan: entry.keySpan });
  }
  return { span: node.span, entries };
}

/** "; did you mean x?" where something is near. */
function like(word: string, known: readonly string[]): string {
  const near = nearestWords(word, known, 2);
  return near.length > 0 ? ` (did you mean ${near.join(' or ')}?)` : '';
}

function isEmpty(node: DataNode): boolean {
  return node.kind === 'scalar' && node.value === null;
}
