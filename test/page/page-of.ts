import { readdirSync, readFileSync } from 'node:fs';
import { type AnalyzeInput, analyze, whatIfInput } from '#core/index.ts';
import { candidatesPlot, energyOf } from '#core/report/charts/candidates.ts';
import { energyPlot } from '#core/report/charts/energy.ts';
import { describePage, type PageModel } from '#core/report/page.ts';
import { sayPlain } from '#core/report/words.ts';
import { defaultLimits } from '#core/search/limits.ts';
import { searchAll } from '#core/search/search.ts';
import { defaultSettings } from '#core/settings.ts';
import { lineAt, lineStarts } from '#core/source/lines.ts';
import { isSource, openSource } from '#core/source/open.ts';
import type { SourceFile } from '#core/source/source-file.ts';
import type { PageSearch } from '#server/page/page.ts';
import { testCatalog } from '../catalog/load.ts';
import { testSyntax } from '../grammars.ts';

/** Some texts as documents of one folder. */
export function filesOf(texts: Readonly<Record<string, string>>): ReadonlyMap<string, SourceFile> {
  const files = Object.entries(texts).map(([name, text]) => openSource(`file:///work/${name}`, 1, text));
  return new Map(files.filter(isSource).map((file) => [file.uri, file]));
}

/** The texts of a folder of the examples. */
export function exampleTexts(name: string): Readonly<Record<string, string>> {
  const folder = new URL(`../../examples/${name}/`, import.meta.url);
  return Object.fromEntries(readdirSync(folder).map((one) => [one, readFileSync(new URL(one, folder), 'utf8')]));
}

/** The page of some files, with what a search finds for its first job. */
export async function pageOf(
  texts: Readonly<Record<string, string>>,
): Promise<{ readonly model: PageModel; readonly search: PageSearch }> {
  const files = filesOf(texts);
  const world: AnalyzeInput = {
    files,
    syntax: await testSyntax(),
    catalog: await testCatalog(),
    settings: defaultSettings,
  };
  const { workloads, problems } = analyze(world);
  const model = describePage({
    workloads,
    problems,
    pricesAsOf: world.catalog.pricesAsOf,
    say: sayPlain,
    worldOf: ({ workload }) => whatIfInput(workload, world),
    placeOf({ uri, start }) {
      const file = files.get(uri);
      if (!file) return undefined;
      const line = lineAt(file, start);
      return { uri, line, character: start - (lineStarts(file)[line] ?? 0) };
    },
  });
  const [one] = workloads;
  if (!one) throw new Error('no job is stated');
  const limits = { ...defaultLimits, keepNumerics: false };
  const found = searchAll({ ...whatIfInput(one.workload, world), spec: one.spec }, one.estimate, limits);
  const { candidates, examined, trials } = 'reason' in found ? { candidates: [], examined: 0, trials: [] } : found;
  const reason = 'reason' in found ? { reason: found.reason } : {};
  const plots = [
    candidatesPlot({ estimate: one.estimate, candidates, examined, trials, say: sayPlain, ...reason }),
    energyPlot({ estimate: one.estimate, say: sayPlain }, energyOf(candidates)),
  ];
  const rows = candidates.map(({ changes }) => (changes.length === 0 ? 'now' : 'apply'));
  return { model, search: { plots, busy: false, rows } };
}
