import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

test('an import of the additions over the shipped tables changes nothing: no shipped row was edited by hand', () => {
  const copy = mkdtempSync(join(tmpdir(), 'flopwise-import-'));
  try {
    for (const folder of ['scripts', 'pricing-data', 'model-data'])
      cpSync(join(root, folder), join(copy, folder), { recursive: true });
    execFileSync(process.execPath, [join(copy, 'scripts/import-data.mjs')], { stdio: 'pipe' });
    for (const folder of ['pricing-data', 'model-data'])
      for (const name of readdirSync(join(copy, folder)).filter((one) => one.endsWith('.json')))
        expect(
          readFileSync(join(copy, folder, name), 'utf8') === readFileSync(join(root, folder, name), 'utf8'),
          name,
        ).toBe(true);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}, 60_000);
