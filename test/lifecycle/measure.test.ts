import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { duplicatesOf, mayBeCopies } from '#core/lifecycle/duplicates.ts';
import { samplePlaces, savingOf } from '#core/lifecycle/sample.ts';

describe('a sample', () => {
  test('lies within its files, in order and apart, and weighs files by their bytes', () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 1e6 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 64 }), (bytes, count) => {
        const files = bytes.map((size, at) => ({ path: `f${at}`, bytes: size }));
        const places = samplePlaces(files, count, 4096);
        const ends = new Map<string, number>();
        for (const { file, from, length } of places) {
          expect(from).toBeGreaterThanOrEqual(ends.get(file.path) ?? 0);
          expect(from + length).toBeLessThanOrEqual(file.bytes);
          ends.set(file.path, from + length);
        }
      }),
    );
    const places = samplePlaces(
      [
        { path: 'a', bytes: 9e6 },
        { path: 'b', bytes: 1e6 },
      ],
      10,
      1000,
    );
    expect(places.filter(({ file }) => file.path === 'a')).toHaveLength(9);
  });

  test('gives the share saved with the interval of its mean', () => {
    const same = savingOf(Array.from({ length: 8 }, () => ({ raw: 100, compressed: 78 })));
    expect(same?.share).toBeCloseTo(0.22, 12);
    expect(same?.high).toBeCloseTo(same?.low ?? 0, 12);
    const mixed = savingOf([
      { raw: 100, compressed: 50 },
      { raw: 100, compressed: 100 },
    ]);
    expect(mixed?.share).toBe(0.25);
    expect((mixed?.high ?? 0) - (mixed?.low ?? 0)).toBeCloseTo(2 * 3.078 * 0.25, 6);
    expect(savingOf([{ raw: 100, compressed: 50 }])).toBeUndefined();
  });
});

test('copies are whole files of one size and digest', () => {
  const all = [
    { path: 'v1/a', bytes: 10, digest: 'x' },
    { path: 'v2/a', bytes: 10, digest: 'x' },
    { path: 'v2/b', bytes: 10, digest: 'y' },
    { path: 'v2/c', bytes: 7, digest: 'z' },
  ];
  expect(mayBeCopies(all).map(({ path }) => path)).toEqual(['v1/a', 'v2/a', 'v2/b']);
  expect(duplicatesOf(all)).toEqual({ total: 37, duplicate: 10, groups: [{ bytes: 10, paths: ['v1/a', 'v2/a'] }] });
});
