import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { built } from '../bundle/built.ts';

/** What a finished process left. */
export interface Finished {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Runs the bundled command line as a process, from a folder of the project, with more environment where given. */
export function flopwise(argv: readonly string[], folder = '.', env: NodeJS.ProcessEnv = {}): Promise<Finished> {
  const cwd = fileURLToPath(new URL(`${folder}/`, `file://${root}`));
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [built('cli.cjs'), ...argv],
      { cwd, maxBuffer: 1 << 26, env: { ...process.env, ...env } },
      (error, out, stderr) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, error: stderr });
      },
    );
  });
}
