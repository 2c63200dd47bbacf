import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { GitAnswer } from '../cli/host.ts';

/** Settings of a repository that would start programs of its own: never followed. */
const harmless = ['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null', '-c', 'core.pager=cat', '--no-pager'];

/** Runs git in a folder, with some input where given. Rejects only where there is no git. */
export function runGit(words: readonly string[], folder: string, input?: string): Promise<GitAnswer> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', [...harmless, ...words], {
      cwd: fileURLToPath(folder),
      env: { ...process.env, GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const out: Uint8Array[] = [];
    let error = '';
    child.stdout.on('data', (some: Uint8Array) => out.push(some));
    child.stderr.on('data', (some: Uint8Array) => {
      error += String(some);
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, out: Buffer.concat(out), error }));
    child.stdin.on('error', () => undefined);
    child.stdin.end(input ?? '');
  });
}
