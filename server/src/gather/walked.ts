import { languageOf } from '#core/source/language.ts';

/** Folders of dependencies, builds and caches: nobody's jobs stand there. */
const skipped = new Set([
  'node_modules',
  '__pycache__',
  'venv',
  'env',
  'site-packages',
  'dist',
  'build',
  'wandb',
  'mlruns',
]);

/** More files than this are a disk, not a repository. */
export const maximumFiles = 50_000;

/** False for hidden folders and those that hold nobody's jobs. */
export function isWalked(folder: string): boolean {
  return !folder.startsWith('.') && !skipped.has(folder);
}

/** A known ending, or none at all: scripts without an ending tell by their first line. */
export function isReadable(name: string): boolean {
  return languageOf(`/${name}`, '') !== undefined || !name.includes('.');
}
