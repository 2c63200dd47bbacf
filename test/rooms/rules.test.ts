import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { analyze } from '#core/analyze.ts';
import { rules } from '#core/rules/index.ts';
import { defaultSettings, type Settings } from '#core/settings.ts';
import { languageOf } from '#core/source/language.ts';
import type { SourceFile } from '#core/source/source-file.ts';
import { applyEdits } from '#core/source/span.ts';
import { testCatalog } from '../catalog/load.ts';
import { testSyntax } from '../grammars.ts';

/**
 * Every folder of fixtures/rules/<rule>/: `bad-*` and `good-*` cases hold the input files, `finding.json` what is found
 * in a bad one, and `fixed/` the files after the preferred fix. The rule then finds nothing more.
 */
const fixtures = new URL('../fixtures/rules/', import.meta.url);

/** What stands beside the input files of a case. */
const notInput = new Set(['finding.json', 'settings.json']);

const folders = (url: URL) => (existsSync(url) ? readdirSync(url) : []);

function filesOf(folder: URL): ReadonlyMap<string, SourceFile> {
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && !notInput.has(entry.name))
    .map((entry) => entry.name);
  return new Map(
    names.map((name): [string, SourceFile] => {
      const text = readFileSync(new URL(name, folder), 'utf8');
      const uri = `file:///case/${name}`;
      return [uri, { uri, languageId: languageOf(uri, text) ?? 'markdown', version: 0, text }];
    }),
  );
}

function settingsOf(folder: URL): Settings {
  const file = new URL('settings.json', folder);
  const own = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  return { ...defaultSettings, today: '2026-11-01', ...own };
}

async function findingsOf(ruleId: string, files: ReadonlyMap<string, SourceFile>, settings: Settings) {
  const syntax = await testSyntax();
  const { workloads } = analyze({ files, syntax, catalog: testCatalog(), settings });
  return workloads.flatMap((one) =>
    one.findings.filter((finding) => finding.ruleId === ruleId).map((finding) => ({ finding, one })),
  );
}

describe.each(rules.map((rule) => rule.id))('%s', (id) => {
  const room = new URL(`${id}/`, fixtures);

  test.each(folders(room).filter((name) => name.startsWith('bad-')))('%s is found, fixed, and gone', async (name) => {
    const folder = new URL(`${name}/`, room);
    const files = filesOf(folder);
    const settings = settingsOf(folder);
    const [found, ...more] = await findingsOf(id, files, settings);
    expect(more).toEqual([]);
    if (!found) expect.fail(`${id} finds nothing in ${name}`);
    const { finding, one } = found;
    const text = files.get(finding.span.uri)?.text ?? '';
    await expect(
      `${JSON.stringify(
        {
          severity: finding.severity,
          at: text.slice(finding.span.start, finding.span.end),
          message: finding.message,
          fixes: finding.fixes.map((fix) => fix.title),
          refusals: finding.refusals,
        },
        undefined,
        2,
      )}\n`,
    ).toMatchFileSnapshot(new URL('finding.json', folder).pathname);

    const fix = finding.fixes.find((candidate) => candidate.preferred) ?? finding.fixes[0];
    if (!fix) return;
    const fixed = new Map(files);
    for (const [uri, file] of files) {
      const edits = fix.edits.filter((edit) => edit.span.uri === uri);
      if (edits.length === 0) continue;
      const after = applyEdits(file.text, edits);
      fixed.set(uri, { ...file, version: 1, text: after });
      const name = uri.slice(uri.lastIndexOf('/') + 1);
      await expect(after).toMatchFileSnapshot(new URL(`fixed/${name}`, folder).pathname);
    }
    expect(await findingsOf(id, fixed, settings)).toEqual([]);

    // The stated saving is the difference of the two estimates, the second one read from the edited text.
    const again = analyze({
      files: fixed,
      syntax: await testSyntax(),
      catalog: testCatalog(),
      settings,
    }).workloads.find((candidate) => candidate.workload.name === one.workload.name);
    const before = one.estimate.memory?.device.likely;
    const after = again?.estimate.memory?.device.likely;
    if (before !== undefined && after !== undefined && fix.saving.memoryBytes) {
      expect(after - before).toBeCloseTo(fix.saving.memoryBytes.likely, -3);
    }
  });

  test.each(folders(room).filter((name) => name.startsWith('good-')))('%s is left alone', async (name) => {
    const folder = new URL(`${name}/`, room);
    expect(await findingsOf(id, filesOf(folder), settingsOf(folder))).toEqual([]);
  });
});
