import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { built } from '../bundle/built.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const script = (batch: number) => `from transformers import AutoModelForCausalLM, Trainer, TrainingArguments

model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen2.5-7B")
args = TrainingArguments("out", bf16=True, max_steps=1000, per_device_train_batch_size=${batch})
Trainer(model=model, args=args).train()
`;

let folder = '';
let clone = '';
let base = '';
let server: Server;
let api = '';
let comments: { id: number; body: string }[] = [];
let refuses = false;

const git = (cwd: string, ...words: readonly string[]) =>
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...words], {
    cwd,
    encoding: 'utf8',
  }).trim();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'flopwise-ci-'));
  const origin = join(folder, 'origin');
  mkdirSync(origin);
  git(origin, 'init', '--quiet', '--initial-branch=main');
  git(origin, 'config', 'uploadpack.allowAnySHA1InWant', 'true');
  writeFileSync(join(origin, 'train.py'), script(2));
  git(origin, 'add', '.');
  git(origin, 'commit', '--quiet', '-m', 'base');
  base = git(origin, 'rev-parse', 'HEAD');
  writeFileSync(join(origin, 'train.py'), script(4));
  git(origin, 'commit', '--quiet', '-am', 'head');
  clone = join(folder, 'clone');
  git(folder, 'clone', '--quiet', '--depth=1', `file://${origin}`, clone);
  writeFileSync(join(folder, 'event.json'), JSON.stringify({ pull_request: { number: 7, base: { sha: base } } }));
  writeFileSync(join(folder, 'push.json'), JSON.stringify({ ref: 'refs/heads/main' }));
  const command = join(folder, 'flopwise');
  writeFileSync(command, `#!/bin/sh\nexec "${process.execPath}" "${built('cli.cjs')}" "$@"\n`);
  chmodSync(command, 0o755);
  server = createServer((request, response) => {
    const parts: Uint8Array[] = [];
    request.on('data', (part: Uint8Array) => parts.push(part));
    request.on('end', () => {
      const answer = (status: number, body: unknown) => response.writeHead(status).end(JSON.stringify(body));
      if (refuses && request.method !== 'GET')
        return answer(403, { message: 'Resource not accessible by integration' });
      if (request.method === 'GET') return answer(200, comments);
      const { body } = JSON.parse(Buffer.concat(parts).toString('utf8'));
      const id = Number(/comments\/(\d+)$/.exec(request.url ?? '')?.[1] ?? comments.length + 1);
      comments = [...comments.filter((one) => one.id !== id), { id, body }];
      return answer(request.method === 'POST' ? 201 : 200, { id, body });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  api = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  comments = [];
  refuses = false;
});

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly outputs: string;
  readonly summary: string;
}

/** Runs the action's script as the runner does: in the clone, inputs and event by the environment. */
function action(inputs: Readonly<Record<string, string>>, event = 'event.json'): Promise<Ran> {
  const temp = mkdtempSync(join(folder, 'run-'));
  const env = {
    ...process.env,
    FLOPWISE_COMMAND: join(folder, 'flopwise'),
    GITHUB_ACTIONS: 'true',
    GITHUB_REPOSITORY: 'o/r',
    GITHUB_API_URL: api,
    GITHUB_TOKEN: 'secret-1',
    GITHUB_EVENT_PATH: join(folder, event),
    GITHUB_OUTPUT: join(temp, 'output'),
    GITHUB_STEP_SUMMARY: join(temp, 'summary'),
    RUNNER_TEMP: temp,
    FLOPWISE_ACCELERATOR: 'H100:8',
    ...inputs,
  };
  return new Promise((resolve) => {
    execFile('bash', [join(root, 'ci/github.sh')], { cwd: clone, env }, (error, out, stderr) => {
      const read = (name: string) => readFileSync(join(temp, name), 'utf8');
      const code = typeof error?.code === 'number' ? error.code : 0;
      resolve({ code, out: out + stderr, outputs: read('output'), summary: code > 1 ? '' : read('summary') });
    });
  });
}

describe('the action', () => {
  test('compares a shallow clone with the base of its pull request and keeps one comment', async () => {
    const first = await action({ FLOPWISE_FAIL_ON: 'never', FLOPWISE_SARIF: join(folder, 'found.sarif') });
    expect(first).toMatchObject({
      code: 0,
      outputs: expect.stringMatching(/^result=fine\nreport=.*flopwise\.md\nsarif=/),
    });
    expect(comments).toHaveLength(1);
    expect(comments[0]?.body).toContain('micro batch 2 → 4');
    expect(comments[0]?.body).toContain('<!-- flopwise:cost -->');
    expect(first.summary.trim()).toBe(comments[0]?.body.replace('<!-- flopwise:cost -->', '').trim());
    expect(JSON.parse(readFileSync(join(folder, 'found.sarif'), 'utf8')).version).toBe('2.1.0');
    await action({ FLOPWISE_FAIL_ON: 'never' });
    expect(comments).toHaveLength(1);
  });

  test('fails on what came in, and still tells it', async () => {
    writeFileSync(join(clone, 'flopwise.yaml'), 'budget:\n  increase_percent: 1\n');
    const { code, outputs } = await action({});
    rmSync(join(clone, 'flopwise.yaml'));
    expect({ code, outputs }).toMatchObject({ code: 1, outputs: expect.stringContaining('result=findings') });
    expect(comments[0]?.body).toContain('over the limit');
  });

  test('a token that may only read costs the comment, not the verdict', async () => {
    refuses = true;
    const { code, out, summary } = await action({ FLOPWISE_FAIL_ON: 'never' });
    expect(code).toBe(0);
    expect(out).toContain('::warning title=Flopwise::');
    expect(out).not.toContain('secret-1');
    expect(summary).toContain('train.py');
  });

  test('lists all jobs where there is nothing to compare with', async () => {
    const { code, summary } = await action({ FLOPWISE_FAIL_ON: 'never' }, 'push.json');
    expect(code).toBe(0);
    expect(summary).toContain('train.py');
    expect(comments).toHaveLength(0);
  });

  test('words of a pull request are never run', async () => {
    const { code } = await action({ FLOPWISE_PATH: '$(touch pwned)', FLOPWISE_BASE: '' });
    expect(code).toBe(2);
    expect(() => readFileSync(join(clone, 'pwned'))).toThrow();
  });

  test('every input reaches the script, and every output comes from it', () => {
    const { inputs, outputs, runs } = parse(readFileSync(join(root, 'action.yml'), 'utf8'));
    const text = readFileSync(join(root, 'ci/github.sh'), 'utf8');
    const [, step] = runs.steps;
    const used = Object.entries<string>(step.env);
    for (const name of Object.keys(inputs)) expect(used.map(([, value]) => value)).toContain(`\${{ inputs.${name} }}`);
    for (const [name] of used) expect(text.includes(name) || name === 'GITHUB_TOKEN').toBe(true);
    for (const name of Object.keys(outputs)) expect(text).toContain(`say ${name} `);
  });
});

describe('the GitLab template', () => {
  test('its commands are commands of ours, its variables have values', () => {
    const { flopwise } = parse(readFileSync(join(root, 'ci/gitlab.yml'), 'utf8'));
    const commands: string[] = flopwise.script.flatMap((line: string) => line.match(/VERSION" (\w+)/g) ?? []);
    expect(commands.map((one) => one.split(' ')[1])).toEqual(['diff', 'scan', 'comment']);
    const text: string = flopwise.script.join('\n');
    for (const [, name = ''] of text.matchAll(/\$(FLOPWISE_\w+)/g))
      expect(Object.keys(flopwise.variables)).toContain(name);
  });
});
