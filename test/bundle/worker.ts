import { readFileSync } from 'node:fs';
import vm from 'node:vm';
import { type ReadAssetParams, readAssetRequest } from '#server/protocol.ts';
import { built } from './built.ts';

interface Message {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/** What a dedicated web worker has and the language itself has not. No Node, no fetch, no files. */
const workerGlobals = { atob, btoa, clearTimeout, console, queueMicrotask, setTimeout, TextDecoder, TextEncoder, URL };

/** The server's web bundle in a sandbox with a worker's globals only, and the client's side of its messages. */
export function startWorker(files: ReadonlyMap<string, string>) {
  const waiting = new Map<number | string, (message: Message) => void>();
  const heard: Message[] = [];
  let lastId = 0;
  const sandbox: Record<string, unknown> = { ...workerGlobals };
  sandbox['self'] = sandbox;
  sandbox['postMessage'] = (message: Message) => receive(structuredClone(message));
  sandbox['addEventListener'] = () => undefined;
  const send = (message: object) => {
    // Messages between threads never arrive within the call that posts them.
    setTimeout(() => {
      const listener = sandbox['onmessage'];
      if (typeof listener === 'function') listener({ data: { jsonrpc: '2.0', ...message } });
    }, 0);
  };
  const receive = (message: Message) => {
    if (message.method === undefined) {
      waiting.get(message.id ?? '')?.(message);
      return;
    }
    heard.push(message);
    if (message.id !== undefined) send({ id: message.id, result: answer(message, files) });
  };
  vm.runInNewContext(readFileSync(built('server.worker.js'), 'utf8'), sandbox, { filename: 'server.worker.js' });
  return {
    heard,
    notify: (method: string, params: unknown) => send({ method, params }),
    request: (method: string, params: unknown) =>
      new Promise<unknown>((resolve, reject) => {
        const id = ++lastId;
        waiting.set(id, ({ result, error }) => (error ? reject(new Error(error.message)) : resolve(result)));
        send({ id, method, params });
      }),
  };
}

function answer({ method, params }: Message, files: ReadonlyMap<string, string>): unknown {
  if (method === readAssetRequest) {
    const { name } = params as ReadAssetParams;
    return { base64: readFileSync(built(`assets/${name}`)).toString('base64') };
  }
  const { uri } = (params ?? {}) as { readonly uri?: string };
  if (method === 'flopwise/readFile') return { text: files.get(uri ?? '') };
  if (method === 'flopwise/readFolder') return { uris: [...files.keys()] };
  return null;
}
