import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { built } from '../bundle/built.ts';
import { flopwise } from './run.ts';

const examples = fileURLToPath(new URL('../../examples', import.meta.url));

/** A client of the bundled server, as an agent's own would be. It checks every answer against the schema that was listed. */
async function connect(root: string): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' });
  const args = [built('cli.cjs'), 'mcp', '--root', root];
  await client.connect(new StdioClientTransport({ command: process.execPath, args }));
  await client.listTools();
  return client;
}

interface Answer {
  readonly isError?: boolean;
  readonly structuredContent?: unknown;
  readonly content: readonly { readonly text: string }[];
}

async function call(client: Client, name: string, input: Record<string, unknown>): Promise<Answer> {
  return (await client.callTool({ name, arguments: input })) as unknown as Answer;
}

describe('flopwise mcp', () => {
  let client: Client;
  beforeAll(async () => {
    client = await connect(examples);
  });
  afterAll(() => client.close());

  test('lists its tools with closed inputs, open outputs and the mark that they only read', async () => {
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(['estimate', 'explain', 'optimize', 'prices']);
    for (const tool of tools) {
      expect(tool.annotations).toMatchObject({ readOnlyHint: true, openWorldHint: false });
      expect(tool.inputSchema).toMatchObject({ type: 'object', additionalProperties: false });
      expect(tool.outputSchema).toMatchObject({ type: 'object' });
      expect(tool.outputSchema).not.toHaveProperty('additionalProperties');
    }
  });

  test('estimates what the command line estimates, in words and as a value', async () => {
    for (const folder of ['llama-sft', 'vllm-serve']) {
      const { structuredContent, content } = await call(client, 'estimate', { paths: [folder], figures: true });
      const json = await flopwise(['estimate', folder, '--format', 'json'], 'examples');
      expect(structuredContent).toEqual(JSON.parse(json.out));
      expect(content[0]?.text).toContain(
        (structuredContent as { workloads: { verdict: string }[] }).workloads[0]?.verdict,
      );
    }
  });

  test('leaves the figures out unless they are asked for', async () => {
    const { structuredContent } = await call(client, 'estimate', { paths: ['llama-sft/train.py'] });
    const { workloads } = structuredContent as { workloads: object[] };
    expect(workloads).toHaveLength(1);
    expect(workloads[0]).not.toHaveProperty('estimate');
    expect(workloads[0]).toHaveProperty('findings');
  });

  test('explains a line', async () => {
    const { structuredContent } = await call(client, 'explain', { path: 'mistral-qlora/config.yml', line: 3 });
    const json = await flopwise(['explain', 'mistral-qlora/config.yml:3', '--format', 'json'], 'examples');
    expect(structuredContent).toEqual(JSON.parse(json.out));
  });

  test('finds cheaper configurations with the lines to change', async () => {
    const { structuredContent } = await call(client, 'optimize', { paths: ['llama-sft/train.py'], max_devices: 8 });
    const { workloads } = structuredContent as {
      workloads: { candidates: { edits?: { path: string; line: number; before: string; after: string }[] }[] }[];
    };
    const edits = workloads[0]?.candidates.flatMap(({ edits = [] }) => edits) ?? [];
    expect(edits.map(({ path }) => path)).toContain('llama-sft/train.py');
    for (const { before, after } of edits) expect(after).not.toBe(before);
  });

  test('lists prices with date and source, and says how many more there are', async () => {
    const { structuredContent } = await call(client, 'prices', { accelerator: 'h100', count: 8, limit: 2 });
    const { rows, total } = structuredContent as { rows: object[]; total: number };
    expect(rows).toHaveLength(2);
    expect(total).toBeGreaterThan(2);
    expect(rows[0]).toMatchObject({ accelerator: expect.stringContaining('H100'), asOf: expect.stringMatching(/^20/) });
  });

  test('answers what cannot be as an error that says why', async () => {
    const wrong = async (name: string, input: Record<string, unknown>) => {
      const { isError, content } = await call(client, name, input);
      return [isError, content[0]?.text];
    };
    expect(await wrong('estimate', { paths: ['nowhere.py'] })).toEqual([true, 'nowhere.py: no such file or folder']);
    expect(await wrong('estimate', { paths: ['../package.json'] })).toEqual([
      true,
      '../package.json lies outside of the root',
    ]);
    expect(await wrong('explain', { path: '/etc/hosts', line: 1 })).toEqual([
      true,
      '/etc/hosts lies outside of the root',
    ]);
    expect(await wrong('explain', { path: 'llama-sft/train.py', line: 9999 })).toEqual([
      true,
      expect.stringMatching(/has \d+ lines, not 9999/),
    ]);
    expect(await wrong('optimize', { paths: ['llama-sft'], accelerators: ['H1000'] })).toEqual([
      true,
      expect.stringContaining('no accelerator known here'),
    ]);
    expect(await wrong('prices', { limit: 0 })).toEqual([true, expect.stringContaining('limit')]);
  });
});

test('nothing outside of the root is read, not even through a link', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'flopwise-mcp-'));
  symlinkSync(join(examples, 'llama-sft'), join(folder, 'away'));
  symlinkSync(join(examples, 'mistral-qlora/config.yml'), join(folder, 'config.yml'));
  writeFileSync(join(folder, 'run.sh'), 'accelerate launch -m axolotl.cli.train config.yml\n');
  const client = await connect(folder);
  for (const path of ['away', 'away/train.py', 'config.yml'])
    expect(await call(client, 'estimate', { paths: [path] })).toMatchObject({ isError: true });
  const { structuredContent } = await call(client, 'estimate', { paths: ['.'] });
  expect(JSON.stringify(structuredContent)).not.toContain('istral');
  await client.close();
  rmSync(folder, { recursive: true, force: true });
});

test('ends with its client, and says where the root is no folder', async () => {
  expect(await flopwise(['mcp', '--root', 'package.json'])).toMatchObject({ code: 2 });
  const server = spawn(process.execPath, [built('cli.cjs'), 'mcp', '--root', examples], { stdio: 'pipe' });
  server.stdin.end();
  const [code] = await once(server, 'exit');
  expect(code).toBe(0);
});
