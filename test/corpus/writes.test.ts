import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { changeableFacts } from '#core/facts/changeable.ts';
import { sameValue } from '#core/facts/fact.ts';
import { readers } from '#core/readers/index.ts';
import type { ReadContext, SpecChange } from '#core/readers/reader.ts';
import { languageOf } from '#core/source/language.ts';
import { testSyntax } from '../grammars.ts';
import { samples, tryChange } from '../rooms/write-law.ts';

/** Public data files; the law of writing holds for them as for our own. Read in place where they lie beside the checkout. */
const root = fileURLToPath(new URL('../../../shared/corpus/files/', import.meta.url));
const names = existsSync(root)
  ? readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /\.(?:ya?ml|json|toml|tfvars)$/.test(name),
    )
  : [];

describe.skipIf(names.length === 0)('public data files', () => {
  test('are written by the law, or refused', async () => {
    const context: ReadContext = { syntax: await testSyntax(), file: () => undefined };
    const broken: string[] = [];
    for (const [index, name] of names.entries()) {
      const text = readFileSync(`${root}${name}`, 'utf8');
      const uri = `file:///work/${name.replaceAll('\\', '/')}`;
      const languageId = languageOf(uri, text);
      if (!languageId) continue;
      const file = { uri, languageId, version: 1, text };
      for (const reader of readers) {
        if (!reader.languages.includes(languageId) || !reader.mentions(text, uri)) continue;
        const reading = reader.read(file, context)[0];
        if (!reading) continue;
        // Each file with a third of the facts: every fact meets many files of its kind.
        for (const fact of changeableFacts.filter((_, at) => at % 3 === index % 3)) {
          const now = reading.facts.find((one) => one.name === fact)?.value;
          const value = samples[fact].find((one) => now === undefined || !sameValue(one, now));
          if (value === undefined) continue;
          const outcome = tryChange(reader, file, reading, { name: fact, value } as SpecChange, context);
          if (outcome.kind === 'broken') broken.push(`${name} [${reader.id}] ${fact}: ${outcome.why}`);
        }
      }
    }
    expect(broken).toEqual([]);
  }, 60_000);
});
