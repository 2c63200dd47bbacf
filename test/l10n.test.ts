import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { projectJsonSchema } from '#core/project/json-schema.ts';
import { sayIn } from '#core/report/words.ts';
import { rules } from '#core/rules/index.ts';

const root = new URL('../', import.meta.url);
const text = (path: string) => readFileSync(new URL(path, root), 'utf8');
const bundle = (path: string) => JSON.parse(text(path)) as Readonly<Record<string, string>>;

const languages = ['de', 'zh-cn'] as const;
const english = bundle('l10n/bundle.l10n.json');
const manifest = bundle('package.nls.json');

/** Every file below a folder whose name ends so. */
function files(folder: string, ending: string): string[] {
  return readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`);
}

/** Figures of fixtures are masked, those in names too: so must the keys be. */
const masked = (key: string) => key.replace(/\{[^}]*\}|\d+/g, (found) => (found.startsWith('{') ? found : '7'));
const places = (one: string) => [...one.matchAll(/\{[#~=]?\d+\}/g)].map(([place]) => place).sort();
/** Links, names of settings and code, which no translation may change. */
const marks = (one: string) => [...one.matchAll(/\(command:[^)]*\)|`[^`]*`/g)].map(([mark]) => mark).sort();

test('the English texts are their own keys', () => {
  expect(Object.entries(english).filter(([key, said]) => key !== said)).toEqual([]);
});

describe.each(languages)('%s', (language) => {
  const said = bundle(`l10n/bundle.l10n.${language}.json`);
  const named = bundle(`package.nls.${language}.json`);

  test('has every text, and none that is left over', () => {
    expect(Object.keys(said).sort()).toEqual(Object.keys(english).sort());
    expect(Object.keys(named).sort()).toEqual(Object.keys(manifest).sort());
  });

  test('is complete: no text is empty, none has lost or gained a place, a link or a name', () => {
    const wrong = [
      ...Object.entries(said).filter(([key, one]) => one.trim() === '' || `${places(one)}` !== `${places(key)}`),
      ...Object.entries(named).filter(
        ([key, one]) => one.trim() === '' || `${marks(one)}` !== `${marks(manifest[key] ?? '')}`,
      ),
    ];
    expect(wrong).toEqual([]);
  });

  test('says what the rules find and offer', () => {
    const say = sayIn(Object.fromEntries(Object.entries(said).map(([key, one]) => [masked(key), one])), language);
    const shown = files('test/fixtures/rules', 'finding.json').flatMap((path) => {
      const { message, fixes } = JSON.parse(text(path)) as { message: string; fixes: readonly string[] };
      return [message, ...fixes].map((one) => one.replaceAll('#', '7'));
    });
    expect(shown.length).toBeGreaterThan(100);
    // A rule may come before its words do; most of it must not.
    const left = [...new Set(shown)].filter((one) => say(one) === one);
    expect(left.length / shown.length, left.join('\n')).toBeLessThan(0.03);
  });
});

test('every text that client, server and panel say by itself is in the bundle', () => {
  const sources = [...files('client', '.ts'), ...files('server/src', '.ts')].map(text);
  const said = sources.flatMap((source) =>
    [...source.matchAll(/\b(?:l10n\.t|say)\(\s*'((?:[^'\\]|\\.)*)'/g)].map(([, one]) =>
      (one ?? '').replaceAll("\\'", "'"),
    ),
  );
  expect(said.length).toBeGreaterThan(100);
  expect([...new Set(said)].filter((one) => english[one] === undefined)).toEqual([]);
});

/** What every key of a schema means. */
function meanings(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([key, one]) =>
    key === 'description' && typeof one === 'string' ? [one] : meanings(one),
  );
}

test('the keys of flopwise.yaml have their meaning in the bundle', () => {
  const all = meanings(projectJsonSchema());
  const left = all.filter((one) => english[one] === undefined);
  expect(left.length / all.length, left.join('\n')).toBeLessThan(0.03);
});

test('the rules are explained in every language', () => {
  const all = rules.flatMap(({ meta: { title, why } }) => [title, why]);
  const left = all.filter((one) => english[one] === undefined);
  expect(left.length / all.length, left.join('\n')).toBeLessThan(0.1);
});

test('no text of the bundle is said by nobody', () => {
  const tables = ['pricing-data/grid.json'];
  const sources = [...files('client', '.ts'), ...files('server/src', '.ts'), ...tables]
    .map(text)
    .join('\n')
    .toLowerCase();
  const gone = Object.keys(english).filter((key) =>
    key
      .toLowerCase()
      .split(/\{[^}]*\}|[^a-z]+/)
      .some((word) => word.length > 3 && !sources.includes(word)),
  );
  expect(gone).toEqual([]);
});

test('figures are written as the language writes them; names, dates and machines stay', () => {
  const german = sayIn({ ', ': ', ' }, 'de');
  expect(german('$1,234.5 (1,100-1,400)')).toBe('1.234,5\u00a0$ (1.100-1.400)');
  expect(german('2.6 h (1.85-3.7)')).toBe('2,6 h (1,85-3,7)');
  expect(german('8.03B')).toBe('8,03B');
  expect(german('p5.48xlarge')).toBe('p5.48xlarge');
  expect(german('2026-07-30')).toBe('2026-07-30');
  expect(german('Qwen2.5')).toBe('Qwen2.5');
  expect(german('-$0.168')).toBe('-0,168\u00a0$');
  expect(sayIn({ ', ': '，' }, 'zh-cn')('$1,234.5')).toBe('$1,234.5');
});

test('a text that is in no bundle stays English as a whole', () => {
  const say = sayIn({ ': ': ' : ', Fits: 'Passt' }, 'de');
  expect(say('Fits: something nobody knows of')).toBe('Fits: something nobody knows of');
  expect(say('Fits: 1.5')).toBe('Passt : 1,5');
});
