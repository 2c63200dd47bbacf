import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reportShape } from '#server/cli/spec/report-schema.ts';
import { flopwise } from './run.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const user = `import { createFlopwise, type JobJson } from 'flopwise';

const flopwise = await createFlopwise();
const text = 'from transformers import *\\nmodel = AutoModelForCausalLM.from_pretrained("Qwen/Qwen2.5-7B")\\n' +
  'Trainer(model=model, args=TrainingArguments("out", bf16=True, max_steps=10)).train()\\n';
const report = flopwise.analyze({ 'a b/train.py': text, 'broken.yaml': '{' }, { accelerator: 'H100:8', today: '2026-11-01' });
const job: JobJson | undefined = report.workloads[0];
// @ts-expect-error what may be unknown has to be asked for
job.estimate.memory.fits;
let refused = '';
try {
  flopwise.estimate({ task: 'nonsense' });
} catch (error) {
  refused = String(error);
}
const perHour: number | undefined = job?.estimate.cost?.perHour.micros.likely;
console.log(JSON.stringify({ jobs: report.workloads.length, main: job?.main, fits: job?.estimate.memory?.fits, perHour, refused }));
`;

describe('the npm package', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'flopwise-npm-'));
    execFileSync(process.execPath, ['scripts/npm.mjs', join(folder, 'node_modules/flopwise')], { cwd: root });
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    writeFileSync(join(folder, 'use.ts'), user);
  }, 240_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const inPackage = (path: string) => join(folder, 'node_modules/flopwise', path);

  test('has no dependencies and no install script', () => {
    const manifest = JSON.parse(readFileSync(inPackage('package.json'), 'utf8'));
    expect(manifest).not.toHaveProperty('dependencies');
    expect(manifest).not.toHaveProperty('scripts');
    expect(existsSync(inPackage('dist/extension.cjs'))).toBe(false);
    expect(readFileSync(inPackage('README.md'), 'utf8')).toContain('createFlopwise');
  });

  test('its types hold for a strict program that knows nothing of ours', () => {
    const options = {
      compilerOptions: {
        strict: true,
        module: 'nodenext',
        target: 'es2023',
        outDir: 'out',
        skipLibCheck: false,
        types: [],
        lib: ['es2023', 'dom'],
      },
      files: ['use.ts'],
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(options));
    const run = () => execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc')], { cwd: folder });
    expect(run).not.toThrow();
  });

  test('works as a module, and by require', () => {
    const ran = JSON.parse(
      execFileSync(process.execPath, [join(folder, 'out/use.js')], { cwd: folder, encoding: 'utf8' }),
    );
    expect(ran).toMatchObject({ jobs: 1, main: 'a b/train.py', fits: expect.stringMatching(/yes|tight|no/) });
    expect(ran.perHour).toBeGreaterThan(1e6);
    expect(ran.refused).toMatch(/TypeError: task: /);
    const required = execFileSync(process.execPath, ['-p', 'typeof require("flopwise").createFlopwise'], {
      cwd: folder,
    });
    expect(String(required).trim()).toBe('function');
  });

  test('its command runs', () => {
    const out = execFileSync(process.execPath, [inPackage('dist/cli.cjs'), '--version'], { encoding: 'utf8' });
    expect(out.trim()).toBe(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version);
  });
});

describe('the published report', () => {
  test('what is printed has the published shape, and nothing in it is undescribed', async () => {
    const { out } = await flopwise(['scan', 'examples', '--format', 'json', '--fail-on', 'never']);
    const report = JSON.parse(out);
    const read = reportShape.safeParse(report);
    expect(read.error?.issues ?? []).toEqual([]);
    const known = Object.keys(reportShape.shape.workloads.element.shape);
    for (const job of report.workloads) expect(known).toEqual(expect.arrayContaining(Object.keys(job)));
  });

  test('its schema is printed', async () => {
    const { out } = await flopwise(['schema', 'report']);
    expect(JSON.parse(out).properties.workloads.items.required).toContain('estimate');
  });
});
