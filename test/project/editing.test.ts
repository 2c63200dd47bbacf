import { describe, expect, it } from 'vitest';
import { completeProject } from '#core/project/complete.ts';
import { explainProject } from '#core/project/explain.ts';
import { placeAt } from '#core/project/place.ts';
import { projectSchema } from '#core/project/schema.ts';
import { readYaml } from '#core/syntax/yaml.ts';
import { testCatalog } from '../catalog/load.ts';

const catalog = testCatalog();

/** The text without its `|`, and where that stood. */
function cursor(marked: string): { readonly text: string; readonly offset: number } {
  const offset = marked.indexOf('|');
  return { text: marked.replace('|', ''), offset };
}

function complete(marked: string) {
  const { text, offset } = cursor(marked);
  return completeProject(text, offset, catalog);
}

const labels = (marked: string) => complete(marked).map(({ label }) => label);

/** The text after a suggestion is taken. */
function taken(marked: string, label: string): string | undefined {
  const { text } = cursor(marked);
  const one = complete(marked).find((suggestion) => suggestion.label === label);
  return one && `${text.slice(0, one.start)}${one.insert}${text.slice(one.end)}`;
}

function explain(marked: string) {
  const { text, offset } = cursor(marked);
  return explainProject(
    readYaml({ uri: 'file:///flopwise.yaml', languageId: 'yaml', version: 1, text }),
    offset,
    catalog,
  )?.sentences;
}

describe('the place of a cursor', () => {
  it.each([
    ['|', { path: [], role: 'key', present: [] }],
    ['acc|', { path: [], role: 'key' }],
    ['cloud: aws\n|', { path: [], role: 'key', present: ['cloud'] }],
    ['|\ncloud: aws', { path: [], role: 'key', present: ['cloud'] }],
    ['price: |', { path: [], role: 'value', key: 'price' }],
    ['price: sp|', { path: [], role: 'value', key: 'price' }],
    ['rates:\n  |', { path: ['rates'], role: 'key' }],
    ['rates:\n  H100: 2\n  |\n  L4: 1', { path: ['rates'], role: 'key', present: ['H100', 'L4'] }],
    ['rates:\n  H100: 2\n|', { path: [], role: 'key', present: ['rates'] }],
    ['rates: {H100: 2, |', { path: ['rates'], role: 'key', present: ['H100'], flow: true }],
    ['rates: {H100: |}', { path: ['rates'], role: 'value', key: 'H100' }],
    [
      'on_premise:\n  L40S:\n    purchase: 1\n    |',
      { path: ['on_premise', 'L40S'], role: 'key', present: ['purchase'] },
    ],
    ['discounts:\n  - |', { path: ['discounts', '-'], role: 'key', present: [] }],
    ['discounts:\n- |', { path: ['discounts', '-'], role: 'key', present: [] }],
    ['discounts:\n  - cloud: aws\n    |', { path: ['discounts', '-'], role: 'key', present: ['cloud'] }],
    [
      'discounts:\n  - cloud: aws\n  - |\n    percent: 3',
      { path: ['discounts', '-'], role: 'key', present: ['percent'] },
    ],
    ['discounts:\n  - cloud: aws\n  |', { path: ['discounts'], role: 'key' }],
    ['discounts:\n  - { cloud: |', { path: ['discounts', '-'], role: 'value', key: 'cloud' }],
    ['discounts: [{cloud: aws, |', { path: ['discounts', '-'], role: 'key', present: ['cloud'] }],
    [
      '# note\n\npools:\n  # of the cluster\n  gpu:\n    accelerator: |',
      { path: ['pools', 'gpu'], role: 'value', key: 'accelerator' },
    ],
  ])('%j', (marked, expected) => {
    const { text, offset } = cursor(marked);
    expect(placeAt(text, offset)).toMatchObject(expected);
  });

  it('is none in a comment, and any text has one or none without an exception', () => {
    const { text, offset } = cursor('cloud: aws # the |cloud');
    expect(placeAt(text, offset)).toBeUndefined();
    for (const odd of ['', '\r\n\r\n', '- - - a', '}}}{{{', 'a: "', "'", '{a: {b: [', '\t\ta:', ': : :'])
      for (let at = 0; at <= odd.length; at += 1) expect(completeProject(odd, at, catalog)).toBeInstanceOf(Array);
  });
});

describe('completion', () => {
  it('offers the keys that are not there yet', () => {
    expect(labels('|')).toEqual(expect.arrayContaining(['accelerator', 'rates', 'on_premise', 'discounts', 'pools']));
    expect(labels('cloud: aws\n|')).not.toContain('cloud');
    expect(labels('pools:\n  gpu:\n    accelerator: H100\n    |')).toEqual([
      'per_node',
      'rate',
      'on_premise',
      'cloud',
      'region',
      'instance_type',
    ]);
    expect(labels('nonsense:\n  |')).toEqual([]);
  });
  it('offers values: choices, accelerators, regions and machines of the cloud', () => {
    expect(labels('price: |')).toEqual(['on-demand', 'spot', 'reserved']);
    expect(labels('accelerator: |')).toContain('H100-SXM');
    expect(labels('rates:\n  |')).toEqual(expect.arrayContaining(['"*"', 'H100-SXM']));
    expect(labels('cloud: gcp\nregion: |')).toContain('us-central1');
    expect(labels('cloud: gcp\nregion: |')).not.toContain('us-east-1');
    expect(labels('cloud: aws\npools:\n  gpu:\n    instance_type: |')).toContain('p5.48xlarge');
  });
  it('offers rules, as keys and in silences', () => {
    expect(labels('rules:\n  |')).toContain('keeps-all-checkpoints');
    expect(labels('rules:\n  tf32-off: { severity: off }\n  |')).not.toContain('tf32-off');
    expect(labels('silence:\n  - rule: |')).toContain('tf32-off');
  });

  it('offers every key of the file', () => {
    expect(labels('|').toSorted()).toEqual(Object.keys(projectSchema.fields).toSorted());
    expect(labels('run:\n  |')).toEqual(['epochs', 'steps']);
  });

  it('writes what the reader reads', () => {
    expect(taken('pri|', 'price')).toBe('price: ');
    expect(taken('rates|', 'rates')).toBe('rates:\n  ');
    expect(taken('disc|', 'discounts')).toBe('discounts:\n  - ');
    expect(taken('discounts:\n  |', 'percent')).toBe('discounts:\n  - percent: ');
    expect(taken('pools:\n  gpu:\n    |', 'on_premise')).toBe('pools:\n  gpu:\n    on_premise:\n      ');
    expect(taken('price:|', 'spot')).toBe('price: spot');
    expect(taken('rates: {H100: 2, |}', 'L4')).toBe('rates: {H100: 2, L4: }');
    expect(taken('price: sp|', 'spot')).toBe('price: spot');
  });
  it('says what may be written and what is required', () => {
    expect(complete('on_premise:\n  H100:\n    |').find(({ label }) => label === 'lifetime_years')).toMatchObject({
      detail: 'number above 0, at most 20, required',
      doc: 'Years over which it is written off.',
    });
  });
});

describe('hover', () => {
  it('has the meaning of the key and what may be written', () => {
    expect(explain('pri|ce: spot')).toEqual(['Kind of list price.', 'May be: one of on-demand, spot, reserved.']);
    expect(explain('discounts:\n  - { cloud: aws, per|cent: 10 }')?.[0]).toBe('Percent off the list price.');
    expect(explain('nonsense: |5')).toBeUndefined();
    expect(explain('|')).toBeUndefined();
  });
  it('tells what a rule is about', () => {
    expect(explain('rules:\n  keeps-all-|checkpoints: { severity: off }\n')?.join(' ')).toMatch(/checkpoint/i);
  });

  it('works out what owned hardware comes to, beside the dated list price', () => {
    const euros =
      'currency: EUR\nexchange_rate: 0.9\non_premise:\n  H1|00:\n    purchase: 35040\n    lifetime_years: 4\n';
    expect(explain('on_premise:\n  H1|00:\n    purchase: 35040\n    lifetime_years: 4\n')?.[1]).toMatch(
      /^Comes to \$1 per accelerator-hour\.$/,
    );
    expect(explain(euros)?.[1]).toBe('Comes to €1 per accelerator-hour.');
    expect(explain('rates:\n  H100: |2')?.at(-1)).toMatch(
      /^H100-SXM: the cheapest list price is \$\d.*\(\w+, on demand, .*20\d\d/,
    );
  });
});
