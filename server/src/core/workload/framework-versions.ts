import type { Fact } from '../facts/fact.ts';
import type { FactName } from '../facts/vocabulary.ts';
import { type DefaultValues, defaultsOf, type Releases } from '../readers/dialects/defaults/release.ts';
import { transformers } from '../readers/dialects/defaults/transformers.ts';
import { trl } from '../readers/dialects/defaults/trl.ts';
import type { SourceFile } from '../source/source-file.ts';

const tables: readonly Releases[] = [transformers, trl];

/** True for the files of a project that say which releases of packages it runs on. */
export function isDependencyFile(uri: string): boolean {
  return /\/(?:requirements[^/]*\.txt|pyproject\.toml|uv\.lock|environment[^/]*\.ya?ml)$/.test(uri);
}

/**
 * The facts of a job with the defaults of the releases that its files pin: in the files of the job themselves (`pip install
 * trl==0.9.6`, inline script dependencies), else in the dependency file of the nearest folder above its main file. Where nothing
 * pins a release, the newest one that was verified stays, and the origin names it.
 */
export function withStatedVersions(
  facts: readonly Fact[],
  open: ReadonlySet<FactName>,
  main: string,
  members: readonly string[],
  files: ReadonlyMap<string, SourceFile>,
): readonly Fact[] {
  let result = facts;
  for (const table of tables) {
    const { framework } = table;
    if (!result.some(({ origin }) => origin.kind === 'framework-default' && origin.framework === framework)) continue;
    const version = versionOf(framework, main, members, files);
    if (version !== undefined) result = atVersion(result, open, table, version);
  }
  return result;
}

function atVersion(
  facts: readonly Fact[],
  open: ReadonlySet<FactName>,
  table: Releases,
  version: string,
): readonly Fact[] {
  const method = facts.find(({ name }) => name === 'training.method')?.value;
  const word = typeof method === 'string' ? method : undefined;
  const inherited = table === trl ? defaultsOf(transformers, transformers.newest, undefined) : {};
  const before: DefaultValues = { ...inherited, ...defaultsOf(table, table.newest, word) };
  const now: DefaultValues = { ...inherited, ...defaultsOf(table, version, word) };
  const origin = { kind: 'framework-default', framework: table.framework, version } as const;
  const kept = facts.flatMap((fact): Fact[] => {
    if (fact.origin.kind !== 'framework-default' || fact.origin.framework !== table.framework) return [fact];
    const value = now[fact.name];
    return value === undefined ? [] : [{ name: fact.name, value, origin } as Fact];
  });
  const told = new Set(kept.map(({ name }) => name));
  const more = Object.entries(now).flatMap(([name, value]): Fact[] => {
    const fact = name as FactName;
    return fact in before || told.has(fact) || open.has(fact) ? [] : [{ name: fact, value, origin } as Fact];
  });
  return [...kept, ...more];
}

/** The release of a package that the files of a job pin; a lower bound pins none. */
function versionOf(
  framework: string,
  main: string,
  members: readonly string[],
  files: ReadonlyMap<string, SourceFile>,
): string | undefined {
  const own = members.filter((uri) => !isDependencyFile(uri));
  const above = [...files.keys()]
    .filter((uri) => isDependencyFile(uri) && main.startsWith(uri.slice(0, uri.lastIndexOf('/') + 1)))
    .sort((a, b) => folderLength(b) - folderLength(a) || (a < b ? -1 : 1));
  for (const uri of [...own, ...above]) {
    const found = pinnedIn(files.get(uri)?.text ?? '', framework);
    if (found !== undefined) return found;
  }
  return undefined;
}

function folderLength(uri: string): number {
  return uri.lastIndexOf('/');
}

/** `trl==0.9.6`, `trl[peft] ~= 0.9.6`, conda's `trl=0.9.6`, and the two lines of a lock file. */
function pinnedIn(text: string, framework: string): string | undefined {
  const pin = new RegExp(
    `(?:^|[\\s"'\`,\\[(])${framework}(?:\\[[\\w,.-]*\\])?\\s*(?:={1,3}|~=)\\s*v?(\\d+(?:\\.\\d+)+)|^name = "${framework}"\\r?\\nversion = "(\\d+(?:\\.\\d+)+)`,
    'm',
  );
  const found = pin.exec(text);
  return found?.[1] ?? found?.[2];
}
