// From a key pressed to the fresh hint on screen, in a real VS Code (test/host/install-host.sh): medians and 95th percentiles, part by
// part; no run fails on them. The editor waits before it asks for hints, the longer the longer answers took lately: an extension
// that answers at once is measured too, and what it takes is the editor's own.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { root, startHost } from '../test/host/host.mjs';
import { longScript, quantile } from './long-script.mjs';

const keystrokes = process.argv.includes('--quick') ? 20 : 60;
const folder = join(root, 'out/bench-ui');
const vsix = join(folder, 'flopwise.vsix');
const plainVsix = join(folder, 'plain.vsix');
mkdirSync(join(folder, 'plain'), { recursive: true });
mkdirSync(join(folder, 'work/long'), { recursive: true });
execFileSync(process.execPath, ['scripts/package.mjs', vsix], { cwd: root, stdio: 'pipe' });

/** An extension that repeats a figure of a plain text as the hint of the line below. */
const plain = {
  'package.json': JSON.stringify({
    name: 'plain',
    publisher: 'plain',
    version: '1.0.0',
    engines: { vscode: '^1.100.0' },
    activationEvents: ['onLanguage:plaintext'],
    main: './extension.js',
  }),
  'extension.js': `const { languages, InlayHint } = require('vscode');
exports.activate = () =>
  languages.registerInlayHintsProvider('plaintext', {
    provideInlayHints(document) {
      const size = document.lineAt(0).text.replace(/[^0-9]/g, '');
      return [new InlayHint(document.lineAt(1).range.end, 'reads ' + size)];
    },
  });
`,
  LICENSE: 'none\n',
  'README.md': '# Plain\n',
};
for (const [name, text] of Object.entries(plain)) writeFileSync(join(folder, 'plain', name), text);
const vsce = join(root, 'node_modules/@vscode/vsce/vsce');
const flags = ['package', '--no-dependencies', '--allow-missing-repository', '--out', plainVsix];
execFileSync(process.execPath, [vsce, ...flags], { cwd: join(folder, 'plain'), stdio: 'pipe' });
writeFileSync(join(folder, 'work/long/long.py'), longScript);
for (const name of ['run.sbatch', 'fsdp.yaml']) {
  const text = readFileSync(join(root, 'examples/llama-sft', name), 'utf8');
  writeFileSync(join(folder, 'work/long', name), text.replaceAll('train.py', 'long.py'));
}
writeFileSync(join(folder, 'work/plain.txt'), 'size=4,\nshown\n');

const host = await startHost({
  vsix: [vsix, plainVsix],
  files: ['examples/llama-sft', 'out/bench-ui/work'],
});
const { page } = host;
const editor = page.locator('.editor-instance .monaco-editor').first();

/** Watches one line of the editor: a change of its text that is not the typing itself is a fresh hint. */
async function watch(marker) {
  await page.evaluate((words) => {
    const clean = (text) => text.replaceAll('\u00a0', ' ').replaceAll('\u200b', '');
    const lines = document.querySelector('.editor-instance .monaco-editor .view-lines');
    const textOf = (wanted) => {
      const found = [...lines.querySelectorAll('.view-line')].find((line) => clean(line.textContent).includes(wanted));
      return found && clean(found.textContent);
    };
    const probe = { shown: textOf(words), pressed: 0, fresh: 0 };
    globalThis.probe?.observer.disconnect();
    probe.observer = new MutationObserver(() => {
      const now = textOf(words);
      if (now === undefined || now === probe.shown || probe.fresh > 0) return;
      probe.shown = now;
      const at = performance.now();
      probe.fresh = at;
      requestAnimationFrame(() => {
        probe.drawn = performance.now();
      });
    });
    probe.observer.observe(lines, { subtree: true, childList: true, characterData: true });
    if (!globalThis.probe)
      document.addEventListener(
        'keydown',
        () => {
          Object.assign(globalThis.probe, { pressed: performance.now(), fresh: 0, drawn: 0 });
        },
        true,
      );
    globalThis.probe = probe;
  }, marker);
}

/** Presses a key and waits for the hint: when the one was pressed and the other stood in the window. */
async function press(key) {
  await page.keyboard.press(key);
  await page.waitForFunction(() => globalThis.probe.drawn > 0, undefined, { timeout: 20_000, polling: 50 });
  return page.evaluate(() => ({
    pressed: performance.timeOrigin + globalThis.probe.pressed,
    fresh: performance.timeOrigin + globalThis.probe.fresh,
  }));
}

async function measure(name, { at, marker, hint }) {
  await page.keyboard.press('Control+p');
  await page.keyboard.type(name);
  const file = page.locator(`.quick-input-list .monaco-list-row[aria-label*="${name}"]`);
  await file.first().click();
  await page.locator('.tab.active', { hasText: name }).waitFor();
  await page.keyboard.press('Control+g');
  await page.keyboard.type(at);
  await page
    .locator('.quick-input-list .monaco-list-row', { hasText: at.split(':')[0] })
    .first()
    .waitFor();
  await page.keyboard.press('Enter');
  const [line, column] = at.split(':');
  await page.locator('.statusbar-item', { hasText: `Ln ${line}, Col ${column}` }).waitFor();
  await editor
    .locator('.view-line', { hasText: marker })
    .filter({ hasText: hint })
    .first()
    .waitFor({ timeout: 30_000 });
  await watch(marker);
  const keys = [];
  for (let n = 0; n < keystrokes + 10; n += 1) {
    keys.push(await press(n % 2 === 0 ? '1' : 'Backspace'));
    // Between two keys of one who reads what changes; never twice the same, so that no timer of the editor falls in step.
    await page.waitForTimeout(350 + ((n * 137) % 300));
  }
  return keys.slice(10);
}

/** Line and column behind some words. */
function behind(text, words) {
  const lines = text.slice(0, text.indexOf(words) + words.length).split('\n');
  return `${lines.length}:${(lines.at(-1)?.length ?? 0) + 1}`;
}

/**
 * Says when a change and a request for hints reach the server and when the answer leaves it, in milliseconds of the clock, and how
 * long the server has worked since the change.
 */
const tracer = `const { appendFileSync } = require('node:fs');
const asked = new Set();
let busy = performance.eventLoopUtilization();
const note = (what) => {
  const { active } = performance.eventLoopUtilization(busy);
  if (what === 'change') busy = performance.eventLoopUtilization();
  appendFileSync(__dirname + '/times.txt', what + ' ' + (performance.timeOrigin + performance.now()) + ' ' + active + '\\n');
};
process.on('message', ({ method, id }) => {
  if (method === 'textDocument/didChange') note('change');
  if (method === 'textDocument/inlayHint') { asked.add(id); note('request'); }
});
const send = process.send;
process.send = function (message, ...rest) {
  if (message.method === undefined && asked.delete(message.id)) note('answer');
  return send.call(this, message, ...rest);
};
require('./traced.cjs');
`;
const dist = join(
  host.folder,
  'extensions',
  readdirSync(join(host.folder, 'extensions')).find((name) => name.startsWith('flopwise.')) ?? '',
  'dist',
);
renameSync(join(dist, 'server.cjs'), join(dist, 'traced.cjs'));
writeFileSync(join(dist, 'server.cjs'), tracer);

/** The parts of each keystroke. Between change and request lies the editor's pause, in which the findings are asked for. */
function partsOf(keys) {
  const events = readFileSync(join(dist, 'times.txt'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(' '))
    .map(([what, at, worked]) => ({ what, at: Number(at), worked: Number(worked) }));
  const parts = { 'key to server': [], 'change to request': [], 'request to answer': [], 'answer to screen': [] };
  const work = [];
  for (const { pressed, fresh } of keys) {
    const within = events.filter(({ at }) => at >= pressed && at <= fresh);
    const change = within.find(({ what }) => what === 'change')?.at;
    const { at: answer, worked } = within.findLast(({ what }) => what === 'answer') ?? {};
    const request = within.findLast(({ what, at }) => what === 'request' && at <= answer)?.at;
    if (change === undefined || answer === undefined || request === undefined) continue;
    const times = [change - pressed, request - change, answer - request, fresh - answer];
    for (const [at, part] of Object.keys(parts).entries()) parts[part].push(times[at]);
    work.push(worked);
  }
  return { ...parts, 'of all, the server at work': work };
}

const rows = [];
const row = (what, times) =>
  rows.push([what, `${quantile(times, 0.5).toFixed(0)} ms`, `${quantile(times, 0.95).toFixed(0)} ms`, times.length]);
try {
  await page.goto(`${host.base}/?folder=${encodeURIComponent(host.work)}`);
  await page.waitForSelector('.monaco-workbench .part.editor', { timeout: 60_000 });
  const whole = (keys) => keys.map(({ pressed, fresh }) => fresh - pressed);
  const plainKeys = await measure('plain.txt', { at: '1:7', marker: 'shown', hint: 'reads' });
  row('an extension that answers at once', whole(plainKeys));
  const words = 'per_device_train_batch_size=4';
  for (const [name, title, text] of [
    ['train.py', 'a script of 70 lines', readFileSync(join(host.work, 'train.py'), 'utf8')],
    ['long.py', 'a script of 2,000 lines', longScript],
  ]) {
    const keys = await measure(name, { at: behind(text, words), marker: 'training_args = SFTConfig(', hint: '$' });
    row(title, whole(keys));
    for (const [part, times] of Object.entries(partsOf(keys))) row(`  ${part}`, times);
  }
} catch (fault) {
  await page.screenshot({ path: join(folder, 'failed.png') });
  throw fault;
} finally {
  await host.stop();
}
console.log(`load of this machine: ${loadavg()[0].toFixed(1)} on ${availableParallelism()} cores`);
console.log('from a key to the fresh hint on screen'.padEnd(52), 'median'.padStart(8), 'p95'.padStart(8));
for (const [what, median, p95, count] of rows) {
  console.log(what.padEnd(52), median.padStart(8), p95.padStart(8), ` ${count} times`);
}
