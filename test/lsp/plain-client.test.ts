import { spawn } from 'node:child_process';
import { expect, test } from 'vitest';
import { built } from '../bundle/built.ts';
import { projectFile } from './server.ts';

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: { readonly uri?: string; readonly diagnostics?: readonly unknown[] };
  readonly result?: unknown;
}

/** A client that knows nothing but the wire: headers, lengths, JSON. It declares no ability at all. */
function connect(words: readonly string[]) {
  const child = spawn(process.execPath, words, { stdio: ['pipe', 'pipe', 'inherit'] });
  const heard: Message[] = [];
  const wanted: { readonly fits: (message: Message) => boolean; readonly take: (message: Message) => void }[] = [];
  let rest = Buffer.alloc(0);
  child.stdout.on('data', (bytes: Buffer) => {
    rest = Buffer.concat([rest, bytes]);
    for (;;) {
      const head = rest.indexOf('\r\n\r\n');
      const length = Number(/Content-Length: (\d+)/i.exec(rest.subarray(0, Math.max(head, 0)).toString())?.[1]);
      if (head < 0 || rest.length < head + 4 + length) return;
      const message = JSON.parse(rest.subarray(head + 4, head + 4 + length).toString()) as Message;
      rest = rest.subarray(head + 4 + length);
      heard.push(message);
      for (const one of wanted) if (one.fits(message)) one.take(message);
    }
  });
  const send = (message: object) => {
    const body = Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message }));
    child.stdin.write(`Content-Length: ${body.length}\r\n\r\n`);
    child.stdin.write(body);
  };
  const wait = (fits: (message: Message) => boolean) =>
    new Promise<Message>((take) => {
      const known = heard.find(fits);
      if (known) take(known);
      else wanted.push({ fits, take });
    });
  let lastId = 0;
  return {
    notify: (method: string, params: object) => send({ method, params }),
    wait,
    async request(method: string, params?: object) {
      const id = ++lastId;
      send({ id, method, ...(params ? { params } : {}) });
      return (await wait((message) => message.id === id && message.method === undefined)).result;
    },
    exited: new Promise<number | null>((resolve) => child.once('exit', resolve)),
  };
}

test('a client without any ability gets hints and pushed diagnostics from `flopwise lsp --stdio`', async () => {
  const { uri, text } = projectFile('examples/llama-sft/train.py');
  const client = connect([built('cli.cjs'), 'lsp', '--stdio']);
  const { capabilities } = (await client.request('initialize', {
    processId: null,
    rootUri: null,
    capabilities: {},
  })) as { readonly capabilities: object };
  expect(capabilities).not.toHaveProperty('diagnosticProvider');
  client.notify('initialized', {});
  const broken = text
    .replace('gradient_checkpointing=True', 'gradient_checkpointing=False')
    .replace('per_device_train_batch_size=4', 'per_device_train_batch_size=64');
  client.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'python', version: 1, text: broken } });
  const range = { start: { line: 0, character: 0 }, end: { line: 999, character: 0 } };
  const hints = await client.request('textDocument/inlayHint', { textDocument: { uri }, range });
  expect(JSON.stringify(hints)).toContain('$');
  const { params } = await client.wait(({ method }) => method === 'textDocument/publishDiagnostics');
  expect(params?.uri).toBe(uri);
  expect(params?.diagnostics).not.toEqual([]);
  await client.request('shutdown');
  client.notify('exit', {});
  expect(await client.exited).toBe(0);
});
