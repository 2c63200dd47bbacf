// The report panel and the view of the workspace, by mouse and keyboard, in each theme, with an accessibility run.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The page inside the panel. */
export const reportIn = (page) => page.frameLocator('iframe.webview').frameLocator('iframe#active-frame');

/** Waits until the panel shows figures and the search has ended. */
export async function reportShown(page) {
  const report = reportIn(page);
  await report.locator('h1').first().waitFor({ timeout: 30_000 });
  await report.locator('section[data-plot=candidates][aria-busy=false] tbody tr').first().waitFor({ timeout: 30_000 });
  return report;
}

/** Brings a plot into view: in one step, for the page may be drawn anew meanwhile. */
async function showPlot(page, id) {
  const report = await reportShown(page);
  await report.locator(`section[data-plot=${id}]`).evaluate((section) => section.scrollIntoView());
  await page.waitForTimeout(200);
}

/** What axe finds on the panel's page: rules of WCAG 2.2 A and AA and the best practices. */
export async function axeFindings(page) {
  const frame = await (await page.locator('iframe.webview').elementHandle()).contentFrame();
  const inner = await (await frame.locator('iframe#active-frame').elementHandle()).contentFrame();
  await inner.evaluate(axeSource);
  return inner.evaluate(async () => {
    const { violations } = await globalThis.axe.run(document, { resultTypes: ['violations'] });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
  });
}

/** The steps of the panel. */
export async function checkPanel({ page, check, shoot, picture, command, openFile, editor, isSaved }) {
  await check('the report opens beside, with charts', async () => {
    await openFile('train.py');
    await command('Flopwise: Show the cost report');
    const report = await reportShown(page);
    await report.locator('svg.chart').nth(5).waitFor();
    await shoot('report-light');
    // The panel alone: no side bar, one column.
    await page.keyboard.press('F1');
    await page.locator('.quick-input-widget input').fill('>View: Toggle Primary Side Bar Visibility');
    await page.keyboard.press('Enter');
    await showPlot(page, 'candidates');
    await shoot('report-candidates-light');
    await picture('report');
    await showPlot(page, 'worth-cost');
    await shoot('report-worth-light');
    await page.keyboard.press('F1');
    await page.locator('.quick-input-widget input').fill('>View: Toggle Primary Side Bar Visibility');
    await page.keyboard.press('Enter');
  });
  await check('axe finds nothing on the report', async () => {
    const findings = await axeFindings(page);
    if (findings.length > 0) throw new Error(findings.join('\n'));
  });
  await check('a figure of the report leads to its line', async () => {
    const report = reportIn(page);
    await report.locator('section[data-plot=storage] button.go').first().click();
    await page.locator('.statusbar-item', { hasText: 'Ln 53' }).waitFor({ timeout: 10_000 });
  });
  await check('the report is worked by keyboard: a candidate is applied to the files', async () => {
    const report = reportIn(page);
    const button = report.locator('button.apply').first();
    await button.focus();
    const wanted = await button.getAttribute('aria-label');
    await shoot('report-apply-light');
    await button.press('Enter');
    await isSaved(wanted);
    // The page follows: what was applied is now the job as it stands.
    await page.waitForTimeout(1500);
    await reportShown(page);
    await shoot('report-applied-light');
    await editor.click({ position: { x: 300, y: 300 } });
    await page.keyboard.press('Control+z');
  });
}

/** A job that says neither what it runs on nor how large its data is. */
const silentJob = `base_model: NousResearch/Llama-2-7b-hf
datasets:
  - path: our/own-tickets
    type: alpaca
sequence_len: 2048
micro_batch_size: 2
gradient_accumulation_steps: 4
num_epochs: 2
optimizer: adamw_torch
bf16: true
output_dir: ./out
`;

/** What the files do not say is asked for once. */
export async function checkAsking({ page, check, shoot, openFile, work }) {
  await check('a missing figure is asked for once and written into flopwise.yaml', async () => {
    const row = page.locator('.explorer-folders-view .monaco-list-row', { hasText: 'tune.yaml' });
    // A window that was just loaded again may not watch its folder yet: a file written before that is not seen.
    let seen = false;
    for (let tries = 0; tries < 4 && !seen; tries += 1) {
      rmSync(join(work, 'tune.yaml'), { force: true });
      writeFileSync(join(work, 'tune.yaml'), silentJob);
      seen = await row.waitFor({ timeout: 5_000 }).then(
        () => true,
        () => false,
      );
    }
    if (!seen) throw new Error('the explorer does not show tune.yaml');
    await openFile('tune.yaml');
    const lines = page.locator('.editor-instance .view-line');
    await lines.filter({ hasText: 'base_model' }).filter({ hasText: 'B' }).first().waitFor({ timeout: 20_000 });
    await lines.filter({ hasText: 'base_model' }).first().click();
    await page.keyboard.press('Home');
    await page.keyboard.press('Control+.');
    const action = page.locator('.action-widget .monaco-list-row', {
      hasText: 'State the number of training examples',
    });
    await action.waitFor({ timeout: 15_000 });
    await shoot('ask-fix-light');
    // By keyboard: at the engine floor a veil over the menu takes the clicks.
    const focused = page.locator('.action-widget .monaco-list-row.focused', {
      hasText: 'State the number of training',
    });
    for (let tries = 0; tries < 10 && !(await focused.isVisible()); tries += 1) {
      await page.keyboard.press('ArrowDown');
      await page.waitForTimeout(100);
    }
    await page.keyboard.press('Enter');
    const input = page
      .locator('.quick-input-widget input[type=text]:visible, .quick-input-widget input:visible')
      .last();
    await input.waitFor({ timeout: 10_000 });
    await input.fill('50000');
    await shoot('ask-input-light');
    await page.keyboard.press('Enter');
    await page.locator('.tab', { hasText: 'flopwise.yaml' }).first().waitFor({ timeout: 15_000 });
    await page.locator('.tab', { hasText: 'flopwise.yaml' }).first().click();
    await lines.filter({ hasText: 'examples: 50000' }).first().waitFor({ timeout: 15_000 });
    await shoot('ask-written-light');
  });
}

/** The steps of the view of the workspace. */
export async function checkWorkspace({ page, check, shoot, picture, command }) {
  const rows = page.locator('.pane', { hasText: 'Training and serving costs' }).locator('.monaco-list-row');
  await check('the view lists every job of the workspace', async () => {
    await command('Explorer: Focus on Training and serving costs View');
    await rows.filter({ hasText: 'train.py' }).first().waitFor({ timeout: 30_000 });
    const text = await rows.filter({ hasText: 'train.py' }).first().textContent();
    if (!/\$|GiB/.test(text)) throw new Error(`no figure in "${text}"`);
    await rows
      .filter({ hasText: 'train.py' })
      .first()
      .focus()
      .catch(() => undefined);
    await page.keyboard.press('Home');
    // A list that is drawn anew meanwhile takes no key.
    const opened = rows.filter({ hasText: 'memory' }).first();
    for (let tries = 0; tries < 10 && !(await opened.isVisible()); tries += 1) {
      await page.keyboard.press('ArrowRight');
      await page.waitForTimeout(500);
    }
    await opened.waitFor({ timeout: 10_000 });
    await shoot('workspace-light');
    await picture('workspace');
  });
}
