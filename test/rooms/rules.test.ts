import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { analyze } from '#core/analyze.ts';
import { compareEstimates } from '#core/rules/compare.ts';
import { rules } from '#core/rules/index.ts';
import { defaultSettings, type Settings } from '#core/settings.ts';
import { isSilenced } from '#core/silence.ts';
import { languageOf } from '#core/source/language.ts';
import type { SourceFile } from '#core/source/source-file.ts';
import { applyEdits, type TextEdit } from '#core/source/span.ts';
import { suppression } from '#server/lsp/features/suppress.ts';
import { testCatalog } from '../catalog/load.ts';
import { testSyntax } from '../grammars.ts';

/**
 * Every folder of fixtures/rules/<rule>/: `bad-*` and `good-*` cases hold the input files, `finding.json` what is found
 * in a bad one, and `fixed/` the files after the preferred fix. After any of the fixes the rule finds nothing more, and
 * the estimate of the edited text differs by what the fix said.
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

/** Figures move with every better estimate; what is said of them is held here, and their truth by the comparison below. */
const masked = (text: string) => text.replace(/\d[\d,.]*(?<![,.])/g, '#');

/** How many steps, samples or hours a fix takes moves with the estimate too: its amounts are no part of the expectation. */
const maskedEdit = (edit: TextEdit): TextEdit => ({ ...edit, text: edit.text.replace(/(?<![\w.])\d[\d.:]*/g, '#') });

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
          message: masked(finding.message),
          fixes: finding.fixes.map((fix) => masked(fix.title.replace(/:[^;]*/, ''))),
          // Why a reader cannot write it is that reader's own sentence.
          refusals: finding.refusals.map((reason) => masked(reason.split(':')[0] ?? '')),
        },
        undefined,
        2,
      )}\n`,
    ).toMatchFileSnapshot(new URL('finding.json', folder).pathname);

    const preferred = finding.fixes.find((candidate) => candidate.preferred) ?? finding.fixes[0];
    for (const fix of finding.fixes) {
      const fixed = new Map(files);
      for (const [uri, file] of files) {
        const edits = fix.edits.filter((edit) => edit.span.uri === uri);
        if (edits.length === 0) continue;
        const after = applyEdits(file.text, edits);
        fixed.set(uri, { ...file, version: 1, text: after });
        const name = uri.slice(uri.lastIndexOf('/') + 1);
        const shown = applyEdits(file.text, edits.map(maskedEdit));
        if (fix === preferred) await expect(shown).toMatchFileSnapshot(new URL(`fixed/${name}`, folder).pathname);
      }
      const { workloads } = analyze({ files: fixed, syntax: await testSyntax(), catalog: testCatalog(), settings });
      expect(
        workloads.flatMap((other) => other.findings.filter((again) => again.ruleId === id)),
        fix.title,
      ).toEqual([]);
      const again = workloads.find((candidate) => candidate.workload.name === one.workload.name);
      if (!again) expect.fail(`${fix.title}: the job is gone`);
      // What the fix does not speak of is read as before.
      const changed = new Set(fix.changes.map((change) => change.name));
      for (const fact of one.workload.facts) {
        const now = again.workload.facts.find((other) => other.name === fact.name);
        const follows =
          changed.has(fact.name) ||
          fact.name === 'hardware.total_gpus' ||
          fact.origin.kind !== 'code' ||
          fact.origin.derived === true;
        if (!follows) expect(now?.value, `${fix.title}: ${fact.name}`).toEqual(fact.value);
      }
      // The stated saving is the difference of the two estimates, the second one read from the edited text.
      const { memoryBytes, storageBytes, costShare, timeShare } = compareEstimates(one.estimate, again.estimate);
      const close = (a: number | undefined, b: number | undefined, digits: number) =>
        a === undefined ? expect(b).toBeUndefined() : expect(b, fix.title).toBeCloseTo(a, digits);
      close(costShare, fix.saving.costShare, 2);
      close(timeShare, fix.saving.timeShare, 2);
      close(memoryBytes?.likely, fix.saving.memoryBytes?.likely, -7);
      close(storageBytes?.likely, fix.saving.storageBytes?.likely, -7);
    }
  });

  test.each(folders(room).filter((name) => name.startsWith('bad-')))('%s can be silenced', async (name) => {
    const folder = new URL(`${name}/`, room);
    const files = filesOf(folder);
    const settings = settingsOf(folder);
    const [found] = await findingsOf(id, files, settings);
    if (!found) expect.fail(`${id} finds nothing in ${name}`);
    const { span } = found.finding;
    const file = files.get(span.uri);
    const comment = file && suppression(file, found.finding);
    const commented = (reason: string) => {
      if (!file || !comment) return files;
      const edit = { ...comment, text: comment.text.replace('reason', reason) };
      return new Map(files).set(file.uri, { ...file, version: 1, text: applyEdits(file.text, [edit]) });
    };
    if (comment) {
      expect(await findingsOf(id, commented('fine here, until 2026-12-31'), settings)).toEqual([]);
      expect(await findingsOf(id, commented('fine here, until 2026-10-31'), settings)).toHaveLength(1);
    } else expect(file?.languageId).toBe('json');
    const silence = { rule: id, reason: 'known', file: span.uri.slice(span.uri.lastIndexOf('/') + 1) };
    const told = (one: object): Settings => ({ ...settings, silences: [{ ...silence, ...one }] });
    expect(isSilenced(found.finding, files, told({ until: '2026-12-31' }))).toBe(true);
    expect(isSilenced(found.finding, files, told({ until: '2026-10-31' }))).toBe(false);
    // A threshold holds where there is a figure to hold it against.
    const { costShare, timeShare, storageBytes } = found.finding.saving ?? {};
    const figured = [costShare, timeShare, storageBytes, found.one.estimate.cost?.total].some(
      (one) => one !== undefined,
    );
    if (figured && found.one.spec.task !== 'serving' && rules.find((rule) => rule.id === id)?.meta.threshold)
      expect(await findingsOf(id, files, { ...settings, rules: { [id]: { percent: 101, money: 1e12 } } })).toEqual([]);
  });

  test('speaks, and falls silent, in at least three dialects', async () => {
    const [bad, quiet] = [new Set<string>(), new Set<string>()];
    for (const name of folders(room)) {
      const folder = new URL(`${name}/`, room);
      const files = filesOf(folder);
      const syntax = await testSyntax();
      const { workloads } = analyze({ files, syntax, catalog: testCatalog(), settings: settingsOf(folder) });
      for (const { workload, findings } of workloads) {
        const own = findings.filter((finding) => finding.ruleId === id);
        const spans = own.map(({ span }) => span.uri);
        const dialects = workload.readings.filter(({ uri }) => spans.includes(uri)).map(({ reader }) => reader);
        for (const dialect of dialects) bad.add(dialect);
        // What a fix leaves behind is a good case: the test above sees the finding gone.
        const fixed = own.some((finding) => finding.fixes.length > 0);
        if (fixed) for (const dialect of dialects) quiet.add(dialect);
        if (own.length === 0) for (const { reader } of workload.readings) quiet.add(reader);
      }
    }
    expect([...bad].sort().length, [...bad].join(', ')).toBeGreaterThanOrEqual(3);
    expect([...quiet].sort().length, [...quiet].join(', ')).toBeGreaterThanOrEqual(3);
  });

  test.each(folders(room).filter((name) => name.startsWith('good-')))('%s is left alone', async (name) => {
    const folder = new URL(`${name}/`, room);
    expect(await findingsOf(id, filesOf(folder), settingsOf(folder))).toEqual([]);
  });
});
