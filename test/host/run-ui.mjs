// The packaged extension in a real VS Code, by mouse and keyboard, with screenshots in out/screenshots. Ends with "N passed, N failed".
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toPalette } from '../../scripts/palette.mjs';
import { root, startHost } from './host.mjs';
import { checkGuide } from './ui-guide.mjs';
import { axeFindings, checkAsking, checkPanel, checkWorkspace, reportShown } from './ui-panel.mjs';
import { checkRestricted } from './ui-restricted.mjs';

const shots = join(root, 'out/screenshots');
mkdirSync(shots, { recursive: true });
const vsix = join(root, 'out/flopwise.vsix');
execFileSync(process.execPath, ['scripts/package.mjs', vsix], { cwd: root, stdio: 'pipe' });

const themes = {
  light: { label: 'Default Light Modern', kind: '.vs' },
  dark: { label: 'Default Dark Modern', kind: '.vs-dark' },
  contrast: { label: 'Default High Contrast', kind: '.hc-black' },
  'contrast-light': { label: 'Default High Contrast Light', kind: '.hc-light' },
};
const settings = {
  'workbench.colorTheme': 'Default Light Modern',
  'editor.fontSize': 13,
};
const host = await startHost({ vsix, files: ['examples/llama-sft'], settings, viewport: { width: 1180, height: 820 } });
const { page } = host;
const editor = page.locator('.editor-instance .monaco-editor').first();
const script = join(host.work, 'train.py');
let passed = 0;
let failed = 0;

const shoot = (name, shown = page) => shown.screenshot({ path: join(shots, `${name}.png`) });

/** Takes the editor's part of the window for the README, where FLOPWISE_IMAGES is set. */
async function picture(name, area) {
  if (!process.env.FLOPWISE_IMAGES) return;
  mkdirSync(join(root, 'docs/images'), { recursive: true });
  writeFileSync(join(root, `docs/images/${name}.png`), toPalette(await page.screenshot({ clip: area })));
}

async function check(title, work, shown = page) {
  const since = performance.now();
  try {
    await work();
    passed += 1;
    console.log(`ok     ${title} (${(performance.now() - since).toFixed(0)} ms)`);
  } catch (fault) {
    failed += 1;
    console.log(`failed ${title}: ${String(fault.message ?? fault).slice(0, 800)}`);
    await shoot(`failed-${failed}`, shown);
  }
}

const line = (words) => editor.locator('.view-line', { hasText: words }).first();

async function command(title) {
  await page.keyboard.press('F1');
  await page.locator('.quick-input-widget input').fill(`>${title}`);
  await page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first().waitFor();
  await page.keyboard.press('Enter');
}

/** Puts the cursor at a place by keyboard: a mouse left on a squiggle opens its hover and takes the keys. */
async function goTo(words, within = 0) {
  const lines = readFileSync(script, 'utf8').split('\n');
  const at = lines.findIndex((text) => text.includes(words));
  const column = (lines[at]?.indexOf(words) ?? 0) + within + 1;
  await page.keyboard.press('Control+g');
  await page.keyboard.type(`${at + 1}:${column}`);
  await page.keyboard.press('Enter');
  await page.locator('.statusbar-item', { hasText: `Ln ${at + 1}, Col ${column}` }).waitFor({ timeout: 10_000 });
}

/** Another colour theme: settings are read when the window loads. */
async function theme(name) {
  const file = join(host.folder, 'user/User/settings.json');
  const { label, kind } = themes[name];
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), 'workbench.colorTheme': label }));
  await page.reload();
  await page.locator(`.monaco-workbench${kind}`).first().waitFor({ timeout: 120_000 });
  // A window that is loaded again before it has stored its state comes back without its editors.
  const restored = await editor
    .locator('.view-line')
    .first()
    .waitFor({ timeout: 15_000 })
    .then(
      () => true,
      () => false,
    );
  if (!restored) await openFile('train.py');
  await line('training_args = SFTConfig(').filter({ hasText: '$' }).waitFor({ timeout: 60_000 });
}

async function hover(words, x) {
  await page.keyboard.press('Escape');
  await line(words).scrollIntoViewIfNeeded();
  const box = await line(words).boundingBox();
  await page.mouse.move(box.x + x, box.y + box.height / 2 + 60);
  await page.mouse.move(box.x + x, box.y + box.height / 2, { steps: 4 });
  await page.locator('.monaco-hover:not(.hidden) table').first().waitFor({ timeout: 15_000 });
}

/** Waits until the buffer of the script is another than on disk. */
async function isSaved(wanted) {
  await page
    .locator('.tab.dirty')
    .first()
    .waitFor({ timeout: 10_000 })
    .catch(() => {
      throw new Error(`no file has changed after "${wanted}"`);
    });
}

const openFile = (name) => page.locator('.explorer-folders-view .monaco-list-row', { hasText: name }).dblclick();

const tools = { page, check, shoot, picture, command, openFile, editor };

try {
  await page.goto(`${host.base}/?folder=${encodeURIComponent(host.work)}`);
  await page.waitForSelector('.monaco-workbench .part.editor', { timeout: 60_000 });
  await openFile('train.py');
  await editor.locator('.view-line').first().waitFor();

  await check('hints stand at line ends', async () => {
    await goTo('training_args = SFTConfig(');
    await line('training_args = SFTConfig(').filter({ hasText: '$' }).waitFor({ timeout: 30_000 });
    await line('save_steps').filter({ hasText: 'save' }).last().waitFor();
    await shoot('hints-light');
    await picture('hints', { x: 348, y: 230, width: 828, height: 530 });
  });
  await check('a hover explains the figures', async () => {
    await hover('training_args = SFTConfig(', 160);
    await shoot('hover-light');
    await picture('hover', { x: 348, y: 170, width: 828, height: 420 });
  });
  await check('a hint tells more when somebody points at it', async () => {
    await page.keyboard.press('Escape');
    const box = await line('training_args = SFTConfig(').locator('span', { hasText: '$' }).last().boundingBox();
    await page.mouse.move(box.x + 20, box.y + box.height / 2 + 60);
    await page.mouse.move(box.x + 20, box.y + box.height / 2, { steps: 4 });
    const told = page.locator('.monaco-hover:not(.hidden)', { hasText: 'to train' }).first();
    await told.waitFor({ timeout: 15_000 });
    await shoot('hint-told-light');
    await page.mouse.move(700, 790);
    await page.keyboard.press('Escape');
  });
  await check('dark and high contrast', async () => {
    for (const name of ['dark', 'contrast']) {
      await theme(name);
      await hover('training_args = SFTConfig(', 160);
      await shoot(`hover-${name}`);
      await page.mouse.move(700, 790);
      await page.keyboard.press('Escape');
      await shoot(`hints-${name}`);
    }
    await theme('light');
  });
  await check('the language status has the total', async () => {
    await page.locator('.statusbar-item[id*="languageStatus"]').first().click();
    const status = page.locator('.language-status, .hover-language-status').filter({ hasText: '$' }).first();
    await status.waitFor({ timeout: 10_000 });
    await shoot('status-light');
    await page.keyboard.press('Escape');
  });
  await check('a quick fix edits the buffer', async () => {
    await page.mouse.click(500, 500);
    for (const [from, to] of [
      ['gradient_checkpointing=True', 'gradient_checkpointing=False'],
      ['per_device_train_batch_size=4', 'per_device_train_batch_size=64'],
    ]) {
      writeFileSync(script, readFileSync(script, 'utf8').replace(from, to));
    }
    await line('per_device_train_batch_size=64').waitFor({ timeout: 20_000 });
    await editor.locator('.squiggly-error').first().waitFor({ timeout: 20_000 });
    const before = readFileSync(script, 'utf8');
    await goTo('per_device_train_batch_size=64', 'per_device_train_batch_size='.length);
    await shoot('finding-light');
    const offers = page.locator('.action-widget .monaco-list-row').first();
    // A menu that is asked for while hints are drawn anew is closed again.
    for (let tries = 0; tries < 3 && !(await offers.isVisible()); tries += 1) {
      await page.keyboard.press('Control+.');
      await offers.waitFor({ timeout: 5000 }).catch((error) => {
        if (tries === 2) throw error;
      });
    }
    await shoot('quick-fix-light');
    await picture('fix', { x: 90, y: 330, width: 1000, height: 330 });
    await page.keyboard.press('Enter');
    await page.locator('.action-widget .monaco-list-row').first().waitFor({ state: 'hidden' });
    await page.keyboard.press('Control+s');
    for (let tries = 0; readFileSync(script, 'utf8') === before; tries += 1) {
      if (tries > 100) throw new Error('the file is as it was');
      await page.waitForTimeout(100);
      // The edit is worked out when it is chosen, and may come after the first save.
      if (tries % 10 === 9) await page.keyboard.press('Control+s');
    }
    await shoot('fixed-light');
  });
  await check('the launcher has its own hints', async () => {
    await openFile('run.sbatch');
    await page.locator('.editor-instance .view-line', { hasText: '/h' }).first().waitFor({ timeout: 20_000 });
    await shoot('launcher-light');
  });
  await checkPanel({ ...tools, isSaved });
  await checkWorkspace(tools);
  await check('the report comes back with the window, in every theme', async () => {
    for (const name of ['dark', 'contrast', 'contrast-light', 'light']) {
      await theme(name);
      await reportShown(page);
      await page.waitForTimeout(300);
      await shoot(`report-${name}-restored`);
      const findings = await axeFindings(page);
      if (findings.length > 0) throw new Error(`${name}: ${findings.join('\n')}`);
    }
  });
  await checkAsking({ ...tools, work: host.work });
  await checkGuide(tools);
  // Both of these may stand over the window as dialogs: they come last.
  await check('the editor says how long activation took', async () => {
    await command('Developer: Show Running Extensions');
    const row = page.locator('.runtime-extensions-editor .monaco-list-row', { hasText: 'Flopwise' }).first();
    await row.locator('.activation-time', { hasText: 'ms' }).waitFor({ timeout: 15_000 });
    console.log(`timing: ${await row.locator('.activation-time').textContent()}`);
    await shoot('activation-light');
    await page.keyboard.press('Escape');
  });
  await check('the settings are found by name', async () => {
    await command('Preferences: Open Settings (UI)');
    await page.locator('.settings-editor .monaco-editor').first().click();
    await page.keyboard.type('@ext:flopwise.flopwise ');
    await page.locator('.setting-item', { hasText: 'Currency' }).first().waitFor({ timeout: 15_000 });
    await shoot('settings-light');
  });
} finally {
  if (failed > 0) console.log(host.log());
  await host.stop();
}
await checkRestricted({ vsix, check, shoot });
console.log(`screenshots: ${shots.slice(root.length + 1)}`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
