import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { type ChangeableFact, changeableFacts } from '#core/facts/changeable.ts';
import { sameValue } from '#core/facts/fact.ts';
import { readers } from '#core/readers/index.ts';
import type { Reader, SpecChange } from '#core/readers/reader.ts';
import { contextOf, loadFolder } from './fixture-files.ts';
import { type Outcome, samples, tryChange } from './write-law.ts';

// The law of writing, for every reader over all fixtures that it reads: each changeable fact is set so that the text
// parses, says the new value and everything else that it said, or is refused in a sentence. What came out is the table
// of docs/writing.md: delete test/reference/writing.json and run with `--update` for a new one.

const root = fileURLToPath(new URL('../fixtures/readers/', import.meta.url));
const matrixFile = fileURLToPath(new URL('../reference/writing.json', import.meta.url));

/** What one reader does with one fact: sets it where it stands, adds it where it is missing, or why neither. */
type Cell = 'set' | 'add' | 'set, add' | string;

const written = /^(?:set|add|set, add)$/;

const matrix: Record<string, Partial<Record<ChangeableFact, Cell>>> = {};

/** Tries values of a fact, the ones that the text has not, until one is written. */
function tryFact(values: readonly unknown[], change: (value: unknown) => Outcome): Outcome {
  let last: Outcome = { kind: 'none' };
  for (const value of values) {
    last = change(value);
    if (last.kind !== 'refused') return last;
  }
  return last;
}

async function outcomesOf(reader: Reader): Promise<ReadonlyMap<ChangeableFact, readonly (Outcome & { at: string })[]>> {
  const found = new Map<ChangeableFact, (Outcome & { at: string })[]>(changeableFacts.map((name) => [name, []]));
  for (const name of readdirSync(join(root, reader.id))) {
    const files = loadFolder(join(root, reader.id, name));
    const context = await contextOf(files);
    for (const file of files.values()) {
      if (!reader.languages.includes(file.languageId) || !reader.mentions(file.text, file.uri)) continue;
      for (const reading of reader.read(file, context)) {
        for (const fact of changeableFacts) {
          const now = reading.facts.find((one) => one.name === fact && one.origin.kind === 'code')?.value;
          const values = samples[fact].filter((value) => now === undefined || !sameValue(value, now));
          const outcome = tryFact(values, (value) =>
            tryChange(reader, file, reading, { name: fact, value } as SpecChange, context),
          );
          found.get(fact)?.push({ ...outcome, at: `${name}/${file.uri.slice('file:///work/'.length)}` });
        }
      }
    }
  }
  return found;
}

function cellOf(outcomes: readonly Outcome[]): Cell | undefined {
  const set = outcomes.some((one) => one.kind === 'change');
  const add = outcomes.some((one) => one.kind === 'add');
  if (set || add) return set && add ? 'set, add' : set ? 'set' : 'add';
  const reasons = outcomes.flatMap((one) => (one.kind === 'refused' ? [one.why] : []));
  const times = (why: string) => reasons.filter((one) => one === why).length;
  return reasons.reduce<string | undefined>((a, b) => (a !== undefined && times(a) >= times(b) ? a : b), undefined);
}

/** A whole sentence, in words and not in names of facts. */
const sentence = /^(?!.*\b(?:training|hardware|optimizer|serving|checkpoint)\.[a-z_]+\b(?!`)).{10,}\.$/;

describe.each(readers.map((reader) => [reader.id, reader] as const))('%s', (id, reader) => {
  test('writes each changeable fact, or says why not', async () => {
    const outcomes = await outcomesOf(reader);
    const broken = [...outcomes].flatMap(([fact, all]) =>
      all.flatMap((one) => (one.kind === 'broken' ? [`${one.at} ${fact}: ${one.why}`] : [])),
    );
    expect(broken).toEqual([]);
    const unclear = [...outcomes].flatMap(([fact, all]) =>
      all.flatMap((one) =>
        one.kind === 'refused' && !sentence.test(one.why) ? [`${one.at} ${fact}: ${one.why}`] : [],
      ),
    );
    expect(unclear).toEqual([]);
    matrix[id] = Object.fromEntries([...outcomes].map(([fact, all]) => [fact, cellOf(all)]));
    expect(Object.entries(matrix[id]).filter(([, cell]) => cell === undefined)).toEqual([]);
  }, 30_000);
});

test('all that the table names is still written', async () => {
  if (Object.keys(matrix).length < readers.length) return;
  // The table may say less than is true; without its file all of it is taken anew.
  const told = existsSync(matrixFile) ? (JSON.parse(readFileSync(matrixFile, 'utf8')) as typeof matrix) : matrix;
  const held = Object.entries(told).map(([id, row]) => {
    const cells = Object.entries(row).map(([fact, cell]) => {
      const now = matrix[id]?.[fact as ChangeableFact] ?? cell;
      return [fact, written.test(cell) && !cell.split(', ').every((word) => now.includes(word)) ? now : cell];
    });
    return [id, Object.fromEntries(cells)];
  });
  await expect(`${JSON.stringify(Object.fromEntries(held), undefined, 1)}\n`).toMatchFileSnapshot(matrixFile);
});
