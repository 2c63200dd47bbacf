import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type AnalyzedWorkload, analyze } from '#core/analyze.ts';
import type { Finding, Fix } from '#core/rules/rule.ts';
import { defaultSettings } from '#core/settings.ts';
import { isSource, openSource } from '#core/source/open.ts';
import type { SourceFile } from '#core/source/source-file.ts';
import { applyEdits } from '#core/source/span.ts';
import { testCatalog } from '../catalog/load.ts';
import { testSyntax } from '../grammars.ts';

/** Public files that run as they stand; read in place where they lie beside the checkout. */
const corpus = new URL('../../../shared/corpus/', import.meta.url);
const manifest = new URL('manifest.jsonl', corpus);

interface Corpus {
  readonly id: string;
  readonly repo: string;
  readonly path: string;
  readonly kind: string;
  readonly copied: boolean;
  readonly with?: readonly { readonly path: string; readonly copied?: boolean }[];
}

/** Machines on which the projects say their recipes run; a recipe that names its own devices stays on them. */
const knownToFit: Readonly<Record<string, string>> = {
  'alignment-handbook': 'A100-80GB:8',
  axolotl: 'H100:8',
  litgpt: 'A10G',
  llamafactory: 'A100-80GB:8',
  'llm-foundry': 'H100:8',
  torchtitan: 'H100:8',
  torchtune: 'A100-80GB:8',
};

function records(): readonly Corpus[] {
  const lines = readFileSync(manifest, 'utf8').split('\n').filter(Boolean);
  return lines
    .map((line) => JSON.parse(line) as Corpus)
    .filter((one) => one.kind !== 'negative' && one.copied && (one.with ?? []).every((other) => other.copied));
}

function filesOf(record: Corpus): ReadonlyMap<string, SourceFile> {
  const folder = new URL(`files/${record.repo.replace('/', '+')}/`, corpus);
  const files = new Map<string, SourceFile>();
  for (const path of [record.path, ...(record.with ?? []).map((one) => one.path)]) {
    const url = new URL(path.split('/').map(encodeURIComponent).join('/'), folder);
    const opened = openSource(url.href, 0, readFileSync(url, 'utf8'));
    if (isSource(opened)) files.set(url.href, opened);
  }
  return files;
}

async function jobsOf(files: ReadonlyMap<string, SourceFile>, accelerator: string) {
  const settings = { ...defaultSettings, today: '2026-11-01', accelerator };
  return analyze({ files, syntax: await testSyntax(), catalog: testCatalog(), settings }).workloads;
}

/** The files after a fix, each edit laid into the text that it was written for. */
function fixed(files: ReadonlyMap<string, SourceFile>, { edits }: Fix): ReadonlyMap<string, SourceFile> {
  return new Map(
    [...files].map(([uri, file]) => {
      const own = edits.filter(({ span }) => span.uri === uri);
      return [uri, own.length === 0 ? file : { ...file, version: 1, text: applyEdits(file.text, own) }];
    }),
  );
}

/** What the edited files say otherwise than the fix meant. */
function strayed(before: AnalyzedWorkload, after: AnalyzedWorkload, fix: Fix): readonly string[] {
  const changed = new Set(fix.changes.map(({ name }) => name));
  return before.workload.facts.flatMap(({ name, value, origin }) => {
    if (changed.has(name) || origin.kind !== 'code' || origin.derived || name === 'hardware.total_gpus') return [];
    const now = after.workload.facts.find((one) => one.name === name)?.value;
    return JSON.stringify(now) === JSON.stringify(value) ? [] : [`${name}: ${String(value)} -> ${String(now)}`];
  });
}

/** Gone, or less: a fix of several may leave a smaller finding behind. */
function isLess(finding: Finding, after: AnalyzedWorkload): boolean {
  const again = after.findings.find(({ ruleId }) => ruleId === finding.ruleId);
  return again === undefined || again.message !== finding.message;
}

describe.skipIf(!existsSync(manifest))('advice on files of public repositories', () => {
  test('is never a certain out-of-memory where the project says that it runs', async () => {
    const known = records().filter(({ kind }) => knownToFit[kind] !== undefined);
    expect(known.length).toBeGreaterThanOrEqual(25);
    const wrong: string[] = [];
    for (const record of known)
      for (const { findings } of await jobsOf(filesOf(record), knownToFit[record.kind] ?? ''))
        for (const { severity, ruleId, message } of findings)
          if (severity === 'error') wrong.push(`${record.id} ${ruleId}: ${message}`);
    expect(wrong).toEqual([]);
  });

  test('comes with fixes that apply cleanly', async () => {
    const tally = { files: new Set<string>(), fixes: 0, wrong: [] as string[] };
    for (const record of records())
      for (const accelerator of ['H100:8', 'A10G:1']) {
        const files = filesOf(record);
        for (const job of await jobsOf(files, accelerator)) {
          tally.files.add(record.id);
          for (const finding of job.findings)
            for (const fix of finding.fixes) {
              tally.fixes += 1;
              const where = `${record.id} ${finding.ruleId}, ${fix.title}`;
              const jobs = await jobsOf(fixed(files, fix), accelerator);
              const after = jobs.find(({ workload }) => workload.name === job.workload.name);
              if (!after) tally.wrong.push(`${where}: the job is gone`);
              else {
                if (!isLess(finding, after)) tally.wrong.push(`${where}: the finding stays`);
                tally.wrong.push(...strayed(job, after, fix).map((fact) => `${where}: ${fact}`));
              }
            }
        }
      }
    expect(tally.files.size).toBeGreaterThanOrEqual(40);
    expect(tally.fixes).toBeGreaterThan(20);
    expect(tally.wrong).toEqual([]);
  });
});
