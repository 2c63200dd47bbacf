import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { built } from '../bundle/built.ts';
import { startSession } from './server.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flopwise-code-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Starts a server that keeps its things in the folder, and ends it. */
async function startAndEnd(env: Readonly<Record<string, string>> = {}): Promise<void> {
  const session = await startSession(
    [built('server.cjs'), '--stdio'],
    {},
    { XDG_CACHE_HOME: folder, NODE_DISABLE_COMPILE_CACHE: '', ...env },
  );
  expect(session.initialized.capabilities.inlayHintProvider).toBeTruthy();
  expect(await session.end()).toBe(0);
}

function keptFile(): string {
  const [name = '', ...others] = readdirSync(join(folder, 'flopwise/code'));
  expect(others).toEqual([]);
  return join(folder, 'flopwise/code', name);
}

test('compiled code is kept once, taken by the next start, and made anew where it is damaged or of another text', async () => {
  await startAndEnd();
  const file = keptFile();
  const kept = readFileSync(file);
  await startAndEnd();
  expect(readFileSync(file).equals(kept)).toBe(true);
  for (const at of [0, kept.length - 1]) {
    const damaged = Buffer.from(kept);
    damaged.writeUInt8(damaged.readUInt8(at) ^ 1, at);
    writeFileSync(keptFile(), damaged);
    await startAndEnd();
    expect(readFileSync(keptFile()).subarray(0, 32).equals(kept.subarray(0, 32))).toBe(true);
    expect(readFileSync(keptFile()).equals(damaged)).toBe(false);
  }
});

test('nothing is kept where the engine is told to keep nothing, and nothing fails where it cannot be', async () => {
  await startAndEnd({ NODE_DISABLE_COMPILE_CACHE: '1' });
  expect(existsSync(join(folder, 'flopwise'))).toBe(false);
  writeFileSync(join(folder, 'flopwise'), 'no folder');
  await startAndEnd();
  expect(readFileSync(join(folder, 'flopwise'), 'utf8')).toBe('no folder');
});
