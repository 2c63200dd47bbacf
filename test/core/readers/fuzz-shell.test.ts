import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readFile } from '#core/readers/read.ts';
import { reader as launch } from '#core/readers/shell-launch.ts';
import { reader as slurm } from '#core/readers/slurm.ts';
import type { SourceFile } from '#core/source/source-file.ts';
import { linkFiles } from '#core/workload/link.ts';
import { testSyntax } from '../../grammars.ts';

const folders = ['slurm', 'shell-launch'].map((id) =>
  fileURLToPath(new URL(`../../fixtures/readers/${id}/`, import.meta.url)),
);

function scripts(): readonly string[] {
  return folders.filter(existsSync).flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(sh|sbatch|slurm)$/.test(name))
      .map((name) => readFileSync(join(folder, name), 'utf8')),
  );
}

/** A small generator of numbers, the same in every run. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state % below;
  };
}

test('any prefix and any mutation of a script is read without a throw, and its spans lie within it', async () => {
  const syntax = await testSyntax();
  const next = numbers(7);
  const splices = [
    '"',
    "'",
    '$(',
    '${',
    '<<EOF\n',
    '{{',
    '\\',
    '\n',
    ')',
    'fi',
    'case x in',
    '`',
    '$((',
    '((',
    '#SBATCH ',
    '\u{1f600}',
  ];
  const read = (text: string) => {
    const file: SourceFile = { uri: 'file:///f.sh', languageId: 'bash', version: 0, text };
    const { workloads } = linkFiles(new Map([[file.uri, file]]), readFile, syntax);
    for (const fact of workloads.flatMap((one) => one.facts)) {
      if (fact.origin.kind !== 'code') continue;
      const { start, end } = fact.origin.span;
      expect([fact.name, start >= 0 && start <= end && end <= text.length]).toEqual([fact.name, true]);
    }
    for (const lens of [launch, slurm]) {
      for (const reading of lens.read(file, { syntax, file: () => undefined })) {
        lens.write(
          file,
          reading.name,
          { name: 'training.precision', value: 'fp16' },
          { syntax, file: () => undefined },
        );
      }
    }
  };
  for (const text of scripts()) {
    for (let i = 0; i < 4; i += 1) read(text.slice(0, next(text.length)));
    for (let i = 0; i < 4; i += 1) {
      const at = next(text.length);
      read(text.slice(0, at) + (splices[next(splices.length)] ?? '') + text.slice(at + next(5)));
    }
  }
});
