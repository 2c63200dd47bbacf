import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { sameValue } from '#core/facts/fact.ts';
import type { FactValue } from '#core/facts/vocabulary.ts';
import { readFile } from '#core/readers/read.ts';
import { isSource, openSource } from '#core/source/open.ts';
import type { SourceFile } from '#core/source/source-file.ts';
import { linkFiles } from '#core/workload/link.ts';
import type { Workload } from '#core/workload/workload.ts';
import { testSyntax } from '../grammars.ts';

/** Public files with the facts that people read in them; read in place where they lie beside the checkout. */
const corpus = new URL('../../../shared/corpus/', import.meta.url);
const manifest = new URL('manifest.jsonl', corpus);

interface Corpus {
  readonly id: string;
  readonly repo: string;
  readonly path: string;
  readonly kind: string;
  readonly copied: boolean;
  readonly with?: readonly { readonly path: string; readonly copied?: boolean }[];
  readonly select?: string;
  readonly expected: Readonly<Record<string, FactValue>>;
  readonly unresolved?: Readonly<Record<string, unknown>>;
}

function records(): readonly Corpus[] {
  const lines = readFileSync(manifest, 'utf8').split('\n').filter(Boolean);
  return lines
    .map((line) => JSON.parse(line) as Corpus)
    .filter((one) => one.copied && (one.with ?? []).every((companion) => companion.copied));
}

/** As numbers compare: exact, but for units of a thousandth. */
function equal(name: string, a: FactValue, b: FactValue): boolean {
  if (typeof a !== 'number' && typeof b !== 'number') return sameValue(a, b);
  const tolerance = /_gib$|_hours$|_gb$/.test(name) ? 1e-3 : 1e-9;
  return Math.abs(Number(a) - Number(b)) <= tolerance * Math.max(Math.abs(Number(a)), Math.abs(Number(b)));
}

function pick(workloads: readonly Workload[], record: Corpus): Workload | undefined {
  if (record.select) return workloads.find((one) => one.name === record.select) ?? workloads[0];
  return workloads.find((one) => decodeURIComponent(one.main).endsWith(record.path)) ?? workloads[0];
}

async function workloadsOf(record: Corpus): Promise<readonly Workload[]> {
  const folder = new URL(`files/${record.repo.replace('/', '+')}/`, corpus);
  const files = new Map<string, SourceFile>();
  for (const path of [record.path, ...(record.with ?? []).map((one) => one.path)]) {
    const url = new URL(path.split('/').map(encodeURIComponent).join('/'), folder);
    const opened = openSource(url.href, 0, readFileSync(url, 'utf8'));
    if (isSource(opened)) files.set(url.href, opened);
  }
  const [main] = files.keys();
  return linkFiles(files, readFile, await testSyntax(), main === undefined ? {} : { main }).workloads;
}

describe.skipIf(!existsSync(manifest))('files of public repositories', () => {
  test('are read as people read them', async () => {
    const tally = { expected: 0, right: 0, wrong: [] as string[], missed: [] as string[] };
    for (const record of records().filter((one) => one.kind !== 'negative')) {
      const workload = pick(await workloadsOf(record), record);
      const told = new Map(
        workload?.facts.filter((fact) => fact.origin.kind === 'code').map((fact) => [fact.name as string, fact.value]),
      );
      for (const [name, value] of Object.entries(record.expected)) {
        tally.expected += 1;
        const got = told.get(name);
        if (got === undefined) tally.missed.push(`${record.id}: ${name}`);
        else if (equal(name, got, value)) tally.right += 1;
        else tally.wrong.push(`${record.id}: ${name} is ${JSON.stringify(value)}, not ${JSON.stringify(got)}`);
      }
      for (const name of Object.keys(record.unresolved ?? {})) {
        if (told.has(name)) tally.wrong.push(`${record.id}: ${name} is open`);
      }
    }
    expect(tally.expected).toBeGreaterThan(900);
    expect(tally.right / tally.expected, tally.missed.join('\n')).toBeGreaterThanOrEqual(0.97);
    expect(tally.right / (tally.right + tally.wrong.length), tally.wrong.join('\n')).toBeGreaterThanOrEqual(0.99);
  });

  test('stay silent where they state no job', async () => {
    const loud: string[] = [];
    for (const record of records().filter((one) => one.kind === 'negative')) {
      const workloads = await workloadsOf(record);
      if (workloads.some((one) => one.facts.length > 0)) loud.push(record.id);
    }
    expect(loud).toEqual([]);
  });
});
