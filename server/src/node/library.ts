import { pathToFileURL } from 'node:url';
import { analyze, estimateSpec } from '#core/index.ts';
import { defaultSettings, type Settings } from '#core/settings.ts';
import { isSource, openSource } from '#core/source/open.ts';
import type { Problem } from '#core/source/problem.ts';
import type { SourceFile } from '#core/source/source-file.ts';
import { loadEngine } from '#server/gather/engine.ts';
import { isWhole } from '#server/gather/scan.ts';
import { toJobJson, toReportJson } from '../cli/reporters/json.ts';
import type { JobJson, ReportJson } from '../cli/reporters/json-shape.ts';
import { decodeSpec } from '../cli/spec/schema.ts';
import { nodeHost } from './host.ts';

export type {
  FindingJson,
  FixJson,
  JobJson,
  PlaceJson,
  ProblemJson,
  ReportJson,
  RowJson,
  TotalsJson,
} from '../cli/reporters/json-shape.ts';

/** What files leave open. */
export interface FlopwiseOptions {
  /** "H100" or "H100:8". */
  readonly accelerator?: string;
  readonly cloud?: string;
  readonly region?: string;
  readonly price?: 'on-demand' | 'spot' | 'reserved';
  /** ISO date on which prices are judged old or new; today where absent. */
  readonly today?: string;
}

/** Flopwise with its tables and grammars loaded. Nothing that is given to it is run, and nothing leaves the process. */
export interface Flopwise {
  /**
   * The jobs that some texts state, by their paths relative to one root; files that name one another are one job, and a
   * flopwise.yaml among them holds. Never throws on any text: what could not be read is among the report's problems.
   */
  analyze(files: Readonly<Record<string, string>>, options?: FlopwiseOptions): ReportJson;
  /** The job that a spec states (its schema: `flopwise schema spec`). Throws a TypeError that names each field that is wrong. */
  estimate(spec: unknown, options?: FlopwiseOptions): JobJson;
}

/** Loads tables and grammars from the package's own folder. Rejects where one is missing. */
export async function createFlopwise(): Promise<Flopwise> {
  const engine = await loadEngine(nodeHost(new URL('./assets/', pathToFileURL(__filename))));
  const { syntax, catalog } = engine;
  return {
    analyze(texts, options) {
      const files = new Map<string, SourceFile>();
      const problems: Problem[] = [];
      for (const [path, text] of Object.entries(texts)) {
        const file = openSource(uriOf(path), 0, text);
        if (isSource(file)) files.set(file.uri, file);
        else problems.push({ code: 'unread', message: `${path} ${file.reason}` });
      }
      const found = analyze({ files, syntax, catalog, settings: settingsOf(options) });
      const workloads = found.workloads.filter(isWhole);
      return toReportJson({ workloads, problems: [...problems, ...found.problems], files }, { show: pathOf });
    },
    estimate(spec, options) {
      const decoded = decodeSpec(spec);
      if ('errors' in decoded) throw new TypeError(decoded.errors.join('\n'));
      const one = estimateSpec(decoded.spec, uriOf('spec.json'), catalog, settingsOf(options));
      return toJobJson(one, { files: new Map() }, { show: pathOf });
    },
  };
}

const root = 'file:///';

function uriOf(path: string): string {
  return new URL(path.split('/').map(encodeURIComponent).join('/'), root).href;
}

function pathOf(uri: string): string {
  return uri.startsWith(root) ? decodeURIComponent(uri.slice(root.length)) : uri;
}

function settingsOf({ price, today, ...rest }: FlopwiseOptions = {}): Settings {
  return {
    ...defaultSettings,
    ...rest,
    today: today ?? new Date().toISOString().slice(0, 10),
    ...(price === undefined ? {} : { priceKind: price }),
  };
}
