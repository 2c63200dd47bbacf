import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/** Files put into the rooms for a moment, to see that the checks refuse them. */
const core = fileURLToPath(new URL('../../server/src/core/', import.meta.url));
const root = fileURLToPath(new URL('../../', import.meta.url));
const probe = 'wall-probe';

const imports: readonly (readonly [room: string, from: string])[] = [
  ['estimate', '../../readers/read.ts'],
  ['readers', '../../estimate/index.ts'],
  ['rules', '../../syntax/tree.ts'],
  ['evaluate', '../../readers/index.ts'],
  ['units', '../../source/span.ts'],
  ['source', '../../units/quantity.ts'],
  ['facts', '../../../lsp/server.ts'],
  ['workload', 'node:fs'],
  ['search', '../../report/describe.ts'],
  ['lifecycle', '../../estimate/index.ts'],
];

const worlds = [
  ['process', 'process.exit(1);'],
  ['console', "console.log('x');"],
  ['setTimeout', 'setTimeout(() => {}, 1);'],
  ['document', "document.title = 'x';"],
  ['fetch', "fetch('http://127.0.0.1');"],
] as const;

const folders = [...imports.map(([room]) => `${core}${room}/${probe}`), `${core}report/${probe}`];
let lint = '';
let compile = '';

function run(argv: readonly string[]): string {
  const done = spawnSync(process.execPath, argv, { cwd: root, encoding: 'utf8' });
  return `${done.stdout}${done.stderr}`;
}

beforeAll(() => {
  for (const folder of folders) mkdirSync(folder, { recursive: true });
  for (const [room, from] of imports) {
    writeFileSync(`${core}${room}/${probe}/${room}.ts`, `import * as x from '${from}';\nexport const y = x;\n`);
  }
  for (const [name, text] of worlds) writeFileSync(`${core}report/${probe}/${name}.ts`, `${text}\nexport {};\n`);
  const probes = imports.map(([room]) => `server/src/core/${room}/${probe}/${room}.ts`);
  lint = run(['node_modules/@biomejs/biome/bin/biome', 'lint', '--colors=off', '--max-diagnostics=100', ...probes]);
  const files = worlds.map(([name]) => `server/src/core/report/${probe}/${name}.ts`);
  const options = ['--noEmit', '--lib', 'es2023', '--types', '', '--module', 'nodenext', '--pretty', 'false'];
  compile = run(['node_modules/typescript/bin/tsc', '--ignoreConfig', ...options, ...files]);
});

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

describe('walls between rooms', () => {
  test.each(imports)('%s may not import %s', (room) => {
    expect(lint).toMatch(new RegExp(`${room}/${probe}/${room}\\.ts[^\\n]*noRestrictedImports`));
  });

  test.each(worlds)('the core has no %s', (name) => {
    expect(compile).toMatch(new RegExp(`${probe}/${name}\\.ts.*'${name}'`));
  });
});
