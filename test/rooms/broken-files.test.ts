import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { analyze } from '#core/analyze.ts';
import { defaultSettings } from '#core/settings.ts';
import { isSource, openSource } from '#core/source/open.ts';
import type { SourceFile } from '#core/source/source-file.ts';
import { testCatalog } from '../catalog/load.ts';
import { testSyntax } from '../grammars.ts';

// Every file of the fixtures is cut off and damaged in ways that follow from a seed, and analysed with the files beside it. A long
// run by hand: FUZZ_ROUNDS=200 (damages a file; all its lines as ends besides) and FUZZ_FOLDERS (further folders, by colons).

const rounds = Number(process.env.FUZZ_ROUNDS ?? 0);
const roots = [
  fileURLToPath(new URL('../fixtures/', import.meta.url)),
  ...(process.env.FUZZ_FOLDERS ?? '').split(':').filter(Boolean),
];

interface Sample {
  readonly path: string;
  readonly text: string;
  /** Files of the same folder, opened. */
  readonly beside: readonly SourceFile[];
}

function samplesOf(root: string): readonly Sample[] {
  const paths = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/^(?:expected|writes|finding|settings)\.json$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const folders = new Map<string, SourceFile[]>();
  const texts = paths.flatMap((path) => {
    const text = readFileSync(path, 'utf8');
    const opened = openSource(`file://${encodeURI(path)}`, 0, text);
    if (!isSource(opened)) return [];
    const folder = dirname(path);
    folders.set(folder, [...(folders.get(folder) ?? []), opened].slice(0, 6));
    return [{ path, text }];
  });
  return texts.map((one) => ({ ...one, beside: folders.get(dirname(one.path)) ?? [] }));
}

/** Numbers below a bound that look random and are the same in every run. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 4294967296) * Math.max(1, below));
  };
}

const noise = [
  ...[
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    '"',
    "'",
    '"""',
    '`',
    '$(',
    '${',
    '${{',
    '{{',
    '}}',
    '<<EOF\n',
    '\\',
    '\\\n',
    '$((',
    '!!',
  ],
  ...[
    ':',
    ': ',
    '- ',
    '-',
    '&a ',
    '*a',
    '<<: *a\n',
    '? ',
    '|\n',
    '>-\n',
    '#',
    '# SBATCH',
    '#SBATCH --gres=',
    '@',
    '%',
    '\t',
    '\r\n',
    '\n',
  ],
  ...[
    '0x',
    '1e999',
    '-1',
    'NaN',
    '.inf',
    'null',
    'auto',
    '~',
    '~0',
    'None',
    'lambda: ',
    'class A(A): ',
    'def f(f=f()): ',
    'import ',
    '*',
    '**',
  ],
  ...[
    '\u0000',
    '\ufeff',
    '\u2028',
    '\ud83d',
    '😀',
    'é',
    '../../../../',
    '/dev/null',
    'file:///',
    '__proto__',
    'constructor',
    'toString: ',
  ],
];

function damaged(text: string, other: string, next: (below: number) => number): string {
  const at = next(text.length);
  switch (next(6)) {
    case 0:
      return text.slice(0, at) + noise[next(noise.length)] + text.slice(at);
    case 1:
      return text.slice(0, at) + noise[next(noise.length)] + text.slice(at + next(40));
    case 2:
      return text.slice(0, at) + text.slice(at + next(400));
    case 3: {
      const from = next(other.length);
      return text.slice(0, at) + other.slice(from, from + next(300)) + text.slice(at);
    }
    case 4: {
      const lines = text.split('\n');
      const [a, b] = [next(lines.length), next(lines.length)];
      [lines[a], lines[b]] = [lines[b] ?? '', lines[a] ?? ''];
      return lines.join('\n');
    }
    default: {
      const part = text.slice(at, at + next(200));
      return text.slice(0, at) + part.repeat(1 + next(20)) + text.slice(at);
    }
  }
}

/** Where a file is cut off: everywhere that a line ends and at random places in a long run, else at a few places. */
function endsOf(text: string, next: (below: number) => number): readonly number[] {
  if (rounds === 0) return next(2) === 0 ? [next(text.length)] : [];
  const lines = [...text.matchAll(/\n/g)].map((match) => match.index);
  const step = Math.max(1, Math.ceil(lines.length / 400));
  return [
    ...lines.filter((_, index) => index % step === 0),
    ...Array.from({ length: rounds }, () => next(text.length)),
  ];
}

test(
  'any prefix and any damage of any file is read, linked and analysed without a throw',
  async () => {
    const [syntax, catalog] = [await testSyntax(), testCatalog()];
    const next = numbers(Number(process.env.FUZZ_SEED ?? 11));
    const counts = { files: 0, texts: 0, workloads: 0, spans: 0 };
    for (const root of roots) {
      const samples = samplesOf(root);
      for (const { path, text, beside } of samples) {
        counts.files += 1;
        const other = samples[next(samples.length)]?.text ?? '';
        const broken = [
          ...endsOf(text, next).map((end) => text.slice(0, end)),
          ...Array.from({ length: rounds || next(2) }, () => damaged(text, other, next)),
        ];
        for (const one of broken) {
          counts.texts += 1;
          const opened = openSource(`file://${encodeURI(path)}`, counts.texts, one);
          if (!isSource(opened)) continue;
          const files = new Map(
            [opened, ...beside.filter(({ uri }) => uri !== opened.uri)].map((file) => [file.uri, file]),
          );
          try {
            const { workloads } = analyze({ files, syntax, catalog, settings: defaultSettings });
            counts.workloads += workloads.length;
            const anchors = workloads.flatMap(({ workload }) => workload.anchors);
            for (const { uri, start, end } of anchors) {
              const length = files.get(uri)?.text.length;
              if (length === undefined) continue;
              counts.spans += 1;
              expect(0 <= start && start <= end && end <= length, `${path}: anchor ${start}..${end} of ${length}`).toBe(
                true,
              );
            }
          } catch (error) {
            throw new Error(`${path}, text ${counts.texts}: ${JSON.stringify(one.slice(-400))}`, { cause: error });
          }
        }
      }
    }
    if (rounds > 0) console.log(JSON.stringify(counts));
    expect(counts.workloads).toBeGreaterThan(counts.files / 2);
  },
  rounds > 0 ? 36_000_000 : 120_000,
);
