import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
let folder: string | undefined;

/** The bundles, built afresh into a folder of their own, once for a test process. */
export function built(name: string): string {
  if (!folder) {
    const made = mkdtempSync(join(tmpdir(), 'flopwise-dist-'));
    process.on('exit', () => rmSync(made, { recursive: true, force: true }));
    folder = made;
    execFileSync(process.execPath, ['esbuild.mjs', folder], { cwd: root, stdio: 'pipe' });
  }
  return join(folder, name);
}
