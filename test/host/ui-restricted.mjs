// Two folders in one window that nobody trusts, by mouse and keyboard: figures are there, a folder's own rates are not.
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, startHost } from './host.mjs';

/** The steps in Restricted Mode, in a window of its own. */
export async function checkRestricted({ vsix, check, shoot }) {
  const host = await startHost({ vsix, trusted: false, viewport: { width: 1180, height: 820 } });
  const { page, work } = host;
  for (const name of ['first', 'second']) {
    cpSync(join(root, 'examples/llama-sft'), join(work, name), { recursive: true });
    mkdirSync(join(work, name, '.vscode'), { recursive: true });
    writeFileSync(
      join(work, name, '.vscode/settings.json'),
      JSON.stringify({ 'flopwise.prices.rates': { H100: 987 } }),
    );
  }
  // The second folder states a price of its own, where everybody sees it.
  writeFileSync(join(work, 'second/flopwise.yaml'), 'rates:\n  H100: 1\n');
  const workspace = join(work, 'both.code-workspace');
  writeFileSync(workspace, JSON.stringify({ folders: [{ path: 'first' }, { path: 'second' }] }));
  const line = page.locator('.editor-instance .view-line', { hasText: 'training_args = SFTConfig(' }).first();
  const open = async (folder) => {
    await page.keyboard.press('Control+p');
    // By its whole path: that needs no search over the files.
    await page.locator('.quick-input-widget input').fill(`${join(work, folder)}/train.py`);
    const row = page.locator('.quick-input-list .monaco-list-row', { hasText: 'train.py' }).filter({ hasText: folder });
    await row.first().click({ timeout: 15_000 });
    await page
      .locator('.tab.active', { hasText: folder })
      .or(page.locator('.breadcrumbs-control', { hasText: folder }))
      .first()
      .waitFor();
    await page.keyboard.press('Control+g');
    await page.keyboard.type('39:1');
    await page.keyboard.press('Enter');
    await line.filter({ hasText: '$' }).waitFor({ timeout: 30_000 });
    return Number(/\$([\d,.]+)/.exec(await line.textContent())?.[1]?.replaceAll(',', ''));
  };
  try {
    await page.goto(`${host.base}/?workspace=${encodeURIComponent(workspace)}`);
    await page.waitForSelector('.monaco-workbench .part.editor', { timeout: 60_000 });
    await check(
      'in Restricted Mode two folders have their figures, and rates of untrusted settings do not hold',
      async () => {
        await page.locator('.statusbar-item', { hasText: 'Restricted Mode' }).waitFor({ timeout: 30_000 });
        const first = await open('first');
        await shoot('restricted-light', page);
        const second = await open('second');
        if (!(first > 0 && first < 1000)) throw new Error(`$${first} in the first folder: rates of its settings?`);
        if (!(second > 0 && second < first)) throw new Error(`$${second} in the second, $${first} in the first folder`);
      },
      page,
    );
    await check(
      'the view lists the jobs of both folders',
      async () => {
        await page.keyboard.press('F1');
        await page.locator('.quick-input-widget input').fill('>Explorer: Focus on Training and serving costs View');
        await page.locator('.quick-input-list .monaco-list-row', { hasText: 'Focus on Training' }).first().waitFor();
        await page.keyboard.press('Enter');
        const rows = page.locator('.pane', { hasText: 'Training and serving costs' }).locator('.monaco-list-row');
        await rows.filter({ hasText: 'train.py' }).nth(1).waitFor({ timeout: 30_000 });
        await shoot('restricted-workspace-light', page);
      },
      page,
    );
  } finally {
    await host.stop();
  }
}
