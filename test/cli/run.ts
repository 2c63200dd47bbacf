import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { builtOnce } from '../bundle/built.ts';

/** What a finished process left. */
export interface Finished {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Runs the bundled command line as a process, from a folder of the project. */
export async function flopwise(argv: readonly string[], folder = '.'): Promise<Finished> {
  await builtOnce();
  const cwd = fileURLToPath(new URL(`${folder}/`, `file://${root}`));
  return new Promise((resolve) => {
    execFile(process.execPath, [`${root}dist/cli.cjs`, ...argv], { cwd, maxBuffer: 1 << 26 }, (error, out, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, error: stderr });
    });
  });
}
