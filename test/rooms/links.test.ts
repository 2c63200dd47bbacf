import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { Fact } from '#core/facts/fact.ts';
import { readFile } from '#core/readers/read.ts';
import { placeOf } from '#core/source/lines.ts';
import { isSource, openSource } from '#core/source/open.ts';
import type { SourceFile } from '#core/source/source-file.ts';
import { spanOf } from '#core/source/traced.ts';
import { linkFiles } from '#core/workload/link.ts';
import type { Workload } from '#core/workload/workload.ts';
import { testSyntax } from '../grammars.ts';

// Each folder test/fixtures/links/<case>/ is a small repository beside `expected.json`: the jobs in it, each with the files that take
// part, every fact with the place that fixes it, and what contradicts what. `vitest -u` rewrites it.

const root = fileURLToPath(new URL('../fixtures/links/', import.meta.url));
const cases = readdirSync(root).map((name) => ({ name, folder: join(root, name) }));
const home = 'file:///repo/';

function load(folder: string): ReadonlyMap<string, SourceFile> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => basename(path) !== 'expected.json')
    .sort();
  const files = names.flatMap((path) => {
    const uri = home + path.slice(folder.length + 1).replaceAll('\\', '/');
    const opened = openSource(uri, 1, readFileSync(path, 'utf8'));
    return isSource(opened) ? [[uri, opened] as const] : [];
  });
  return new Map(files);
}

function show(workload: Workload, files: ReadonlyMap<string, SourceFile>): object {
  const short = (uri: string) => uri.replace(home, '');
  const place = ({ origin }: Fact) => {
    const span = spanOf(origin);
    const file = span && files.get(span.uri);
    if (!span || !file) return origin.kind;
    const { line, cell } = placeOf(file, span.start);
    return `${short(span.uri)}:${cell === undefined ? '' : `cell ${cell}, `}${line}`;
  };
  const said = (fact: Fact) => `${String(fact.value)} at ${place(fact)}`;
  const { facts, open, conflicts } = workload;
  return {
    name: workload.name,
    main: short(workload.main),
    files: workload.files.map(short).sort(),
    facts: Object.fromEntries(
      facts.filter(({ origin }) => origin.kind === 'code').map((fact) => [fact.name, said(fact)] as const),
    ),
    ...(open.length > 0 ? { open: Object.fromEntries(open.map(({ name, reason }) => [name, reason])) } : {}),
    ...(conflicts.length > 0
      ? { conflicts: conflicts.map(({ name, holds, against }) => `${name}: ${said(holds)} over ${said(against)}`) }
      : {}),
  };
}

describe.each(cases)('$name', ({ folder }) => {
  test('is joined as its files say', async () => {
    const files = load(folder);
    const { workloads, missing } = linkFiles(files, readFile, await testSyntax());
    const shown = {
      workloads: workloads.map((one) => show(one, files)),
      missing: missing.map((uri) => uri.replace(home, '')),
    };
    await expect(`${JSON.stringify(shown, undefined, 2)}\n`).toMatchFileSnapshot(join(folder, 'expected.json'));
  });
});
