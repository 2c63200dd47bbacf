import { parseArgs } from 'node:util';
import type { Fact } from '#core/facts/fact.ts';
import { readFile } from '#core/readers/read.ts';
import { placeOf } from '#core/source/lines.ts';
import { isSource } from '#core/source/open.ts';
import type { Problem } from '#core/source/problem.ts';
import type { SourceFile } from '#core/source/source-file.ts';
import type { Origin } from '#core/source/traced.ts';
import { linkFiles } from '#core/workload/link.ts';
import type { Workload } from '#core/workload/workload.ts';
import { loadSyntax } from '#server/gather/engine.ts';
import { type ExitCode, exit, KnownError } from '../exit.ts';
import type { CliHost } from '../host.ts';
import { openFile } from '../open.ts';
import type { Command } from './index.ts';

/** Prints the facts that the given files state, linked as one set, each with its place. */
export const command: Command = {
  name: 'facts',
  usage: 'facts --format json --root DIR MAIN [COMPANION...]',
  summary: 'what the files state, each fact with its line',
  run: runFacts,
};

async function runFacts(argv: readonly string[], host: CliHost): Promise<ExitCode> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { format: { type: 'string', default: 'json' }, root: { type: 'string' } },
  });
  if (values.format !== 'json')
    throw new KnownError(`--format ${values.format}: facts are printed as json only`, exit.usage);
  const [main] = positionals;
  if (main === undefined) throw new KnownError('facts needs a file', exit.usage);
  const files = new Map<string, SourceFile>();
  const problems: Problem[] = [];
  for (const path of positionals) {
    const uri = host.uriOf(path);
    const file = await openFile(uri, host);
    if (isSource(file)) files.set(uri, file);
    else if ((await host.kindOf(uri)) === undefined) throw new KnownError(`${path}: no such file`);
    else problems.push({ code: 'unread', message: `${path} ${file.reason}` });
  }
  const syntax = await loadSyntax(host);
  const linked = linkFiles(files, readFile, syntax, { main: host.uriOf(main) });
  const root = values.root === undefined ? undefined : `${host.uriOf(values.root).replace(/\/$/, '')}/`;
  const pathOf = (uri: string) =>
    root && uri.startsWith(root) ? decodeURIComponent(uri.slice(root.length)) : host.show(uri);
  const place = placer(files, pathOf);
  host.out(
    JSON.stringify(
      {
        workloads: linked.workloads.map((one) => workloadJson(one, pathOf, place)),
        problems: [...problems, ...linked.problems].map(({ code, message, span }) => ({
          code,
          message,
          ...(span ? place(span) : {}),
        })),
      },
      undefined,
      2,
    ),
  );
  return exit.fine;
}

type PlaceJson = { readonly path: string; readonly line: number; readonly cell?: number };

function placer(files: ReadonlyMap<string, SourceFile>, pathOf: (uri: string) => string) {
  return (span: { readonly uri: string; readonly start: number }): PlaceJson | undefined => {
    const file = files.get(span.uri);
    if (!file) return undefined;
    const { line, cell } = placeOf(file, span.start);
    return { path: pathOf(span.uri), line, ...(cell === undefined ? {} : { cell }) };
  };
}

function workloadJson(workload: Workload, pathOf: (uri: string) => string, place: ReturnType<typeof placer>) {
  const facts = Object.fromEntries(workload.facts.map((fact) => [fact.name, factJson(fact, place)]));
  return {
    name: workload.name,
    main: pathOf(workload.main),
    files: workload.files.map(pathOf),
    reader: workload.readings[0]?.reader ?? '',
    facts,
    unresolved: Object.fromEntries(workload.open.map((fact) => [fact.name, fact.reason])),
  };
}

function factJson(fact: Fact, place: ReturnType<typeof placer>) {
  const { origin, value } = fact;
  return { value, origin: originWord(origin), ...(origin.kind === 'code' ? place(origin.span) : {}) };
}

function originWord(origin: Origin): 'code' | 'derived' | 'default' | 'assumed' {
  switch (origin.kind) {
    case 'code':
      return origin.derived ? 'derived' : 'code';
    case 'framework-default':
      return 'default';
    case 'table':
      return 'derived';
    default:
      return 'assumed';
  }
}
