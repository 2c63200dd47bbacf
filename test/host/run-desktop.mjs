// The suite in a downloaded desktop VS Code, for machines that may download one. VSCODE_VERSION picks it ("stable", "1.100.0").
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runTests } from '@vscode/test-electron';
import { buildNodeSuite } from './build-suite.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url)).replace(/\/$/, '');
await buildNodeSuite();
const folder = mkdtempSync(join(tmpdir(), 'flopwise-desktop-'));
const result = join(folder, 'result.json');
cpSync(join(root, 'examples/llama-sft'), join(folder, 'work'), { recursive: true });
try {
  await runTests({
    version: process.env.VSCODE_VERSION ?? 'stable',
    extensionDevelopmentPath: root,
    extensionTestsPath: join(root, 'dist-test/index.cjs'),
    extensionTestsEnv: { FLOPWISE_TEST_RESULT: result },
    launchArgs: [join(folder, 'work'), '--disable-extensions', '--disable-workspace-trust', '--skip-welcome'],
  });
} finally {
  const outcomes = JSON.parse(readFileSync(result, 'utf8'));
  const count = (state) => outcomes.filter((one) => one.state === state).length;
  for (const { title, state, error } of outcomes) console.log(`${state} ${title}${error ? `\n${error}` : ''}`);
  console.log(`${count('passed')} passed, ${count('failed')} failed`);
  rmSync(folder, { recursive: true, force: true });
}
