import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readers } from '#core/readers/index.ts';
import { rules } from '#core/rules/index.ts';

/** What every reader and rule brings along, so that one file more is whole from its first day. */
const root = new URL('../../', import.meta.url);
const names = (path: string) => (existsSync(new URL(path, root)) ? readdirSync(new URL(path, root)) : []);
const files = (room: string, shared: readonly string[]) =>
  names(`server/src/core/${room}/`)
    .filter((name) => name.endsWith('.ts') && !shared.includes(name))
    .map((name) => name.slice(0, -'.ts'.length))
    .sort();

test('every reader is known by the name of its file', () => {
  expect(readers.map((one) => one.id).sort()).toEqual(files('readers', ['index.ts', 'read.ts', 'reader.ts']));
});

test('every rule is known by the name of its file', () => {
  const shared = ['index.ts', 'check.ts', 'compare.ts', 'distinct.ts', 'lazy.ts', 'propose.ts', 'rule.ts', 'saving.ts'];
  expect(rules.map((one) => one.id).sort()).toEqual(files('rules', shared));
});

describe.each(readers.map((one) => one.id))('reader %s', (id) => {
  test('says what it reads', () => {
    const info = readers.find((one) => one.id === id)?.info;
    expect(info?.title).toMatch(/\S/);
    expect(info?.files).toMatch(/\S/);
  });

  test('has three cases or more', () => {
    expect(names(`test/fixtures/readers/${id}/`).length).toBeGreaterThanOrEqual(3);
  });

  test('is the one that reads a workload in two of its cases or more', () => {
    const own = names(`test/fixtures/readers/${id}/`).filter((name) =>
      readFileSync(new URL(`test/fixtures/readers/${id}/${name}/expected.json`, root), 'utf8').includes(
        `"reader": "${id}"`,
      ),
    );
    expect(own.length).toBeGreaterThanOrEqual(2);
  });
});

describe.each(rules.map((one) => one.id))('rule %s', (id) => {
  test('has a page, and cases that it finds and leaves alone', () => {
    expect(existsSync(new URL(`docs/rules/${id}.md`, root))).toBe(true);
    const cases = names(`test/fixtures/rules/${id}/`);
    expect(cases.filter((name) => name.startsWith('bad-')).length).toBeGreaterThanOrEqual(1);
    expect(cases.filter((name) => name.startsWith('good-')).length).toBeGreaterThanOrEqual(1);
  });
});
