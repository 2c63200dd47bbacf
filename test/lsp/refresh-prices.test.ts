import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { CancellationTokenSource, ProgressType } from 'vscode-languageserver/node';
import { type RefreshPricesResult, type RefreshProgress, refreshPricesRequest } from '#server/protocol.ts';
import { built } from '../bundle/built.ts';
import { azureList, type Mirror, startMirror } from '../pricing/mirror.ts';
import { type OpenDocument, projectFile, type Session, startSession } from './server.ts';

/** A job that names its machine, so that the list's price of it is the price of the job. */
const job = `resources:
  cloud: azure
  region: eastus
  instance_type: Standard_NC24ads_A100_v4
run: |
  axolotl train config.yml
`;

describe('prices refreshed in the editor', () => {
  let folder = '';
  let mirror: Mirror;
  let session: Session;
  let document: OpenDocument;
  const refreshes: string[] = [];
  const steps: RefreshProgress[] = [];
  const env = () => ({
    XDG_CACHE_HOME: folder,
    FLOPWISE_PRICES_MIRROR: mirror.url,
    HF_HUB_CACHE: join(folder, 'none'),
  });
  const hour = async () => /\$([\d.]+)/.exec((await document.labels()).join('\n'))?.[1];
  const refresh = (token = new CancellationTokenSource().token) =>
    session.connection.sendRequest<RefreshPricesResult>(refreshPricesRequest, { progress: 'steps' }, token);

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'flopwise-refresh-'));
    mirror = await startMirror();
    session = await startSession(
      [built('server.cjs'), '--stdio'],
      { capabilities: { workspace: { inlayHint: { refreshSupport: true } } } },
      env(),
    );
    session.connection.onRequest('workspace/inlayHint/refresh', () => void refreshes.push('hints'));
    session.connection.onProgress(new ProgressType<RefreshProgress>(), 'steps', (step) => void steps.push(step));
    await session.open('file:///nowhere/config.yml', 'yaml', projectFile('examples/mistral-qlora/config.yml').text);
    document = await session.open('file:///nowhere/sky.yaml', 'yaml', job);
  });

  afterAll(async () => {
    await session.end();
    mirror.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('nothing is asked before the command', async () => {
    expect(await hour()).toBe('3.7');
    expect(mirror.asked).toEqual([]);
  });

  test('what does not hold changes nothing', async () => {
    mirror.answer((path, response) => void response.end(path.includes('azure') ? azureList(36.7) : 'no list'));
    const result = await refresh();
    expect(result).toMatchObject({ kept: false, message: expect.stringContaining('no list brought a price') });
    expect(result.problems.join('\n')).toContain('moved from 3.673 to 36.7');
    expect(readdirSync(folder)).toEqual([]);
    expect(await hour()).toBe('3.7');
  });

  test('the running server takes the new prices, and the hints change', async () => {
    mirror.answer((path, response) => void response.end(path.includes('NC') ? azureList(4.5) : 'no list'));
    const result = await refresh();
    expect(result).toMatchObject({
      kept: true,
      message: expect.stringMatching(/^prices of \d{4}-\d\d-\d\d are in use$/),
    });
    expect(result.lines).toContain('azure-retail: 1 confirmed or changed');
    expect(await hour()).toBe('4.5');
    expect(refreshes).toContain('hints');
    expect(steps[0]).toMatchObject({ done: 0, label: expect.any(String) });
    expect(readdirSync(join(folder, 'flopwise'))).toEqual(['prices.json']);
  });

  test('a refresh on the command line reaches the running server', async () => {
    mirror.answer((path, response) => void response.end(path.includes('NC') ? azureList(5.5) : 'no list'));
    refreshes.length = 0;
    await promisify(execFile)(process.execPath, [built('cli.cjs'), 'prices', 'refresh', '--source', 'azure-retail'], {
      env: { ...process.env, ...env() },
    });
    await vi.waitFor(async () => expect(await hour()).toBe('5.5'), { timeout: 20_000, interval: 50 });
    expect(refreshes).toContain('hints');
    rmSync(join(folder, 'flopwise', 'prices.json'));
    refreshes.length = 0;
    await vi.waitFor(async () => expect(await hour()).toBe('3.7'), { timeout: 20_000, interval: 50 });
    expect(refreshes).toContain('hints');
  }, 60_000);

  test('a refresh can be stopped, and keeps nothing', async () => {
    const source = new CancellationTokenSource();
    mirror.answer(() => source.cancel());
    const answer = await refresh(source.token).then(
      ({ kept, message }) => ({ kept, message }),
      (error: Error) => ({ kept: false, message: error.message }),
    );
    expect(answer.kept).toBe(false);
    expect(await hour()).toBe('3.7');
  });

  test('one at a time, and no word of the user is in what is asked', async () => {
    mirror.answer((_, response) => void setTimeout(() => response.end('no list'), 5));
    const both = await Promise.all([refresh(), refresh()]);
    expect(both.map(({ message }) => message)).toContain('a refresh is under way');
    for (const path of mirror.asked) expect(path).not.toMatch(/nowhere|sky\.yaml|axolotl/);
  });
});
