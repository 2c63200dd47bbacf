import { pathToFileURL } from 'node:url';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { createServer } from '../lsp/server.ts';
import { nodeHost } from './host.ts';
import { hubAsker } from './hub-ask.ts';
import { keptPricesPath, watchKept } from './kept-prices.ts';
import { priceRefresh } from './refresh-prices.ts';

/**
 * Serves the language server until the client ends it: over the streams where `stdio` is asked for,
 * else over what the process was started with (`--stdio`, `--node-ipc`, `--socket=N`). The process ends with the connection.
 */
export function startServer(stdio: boolean): void {
  const connection = stdio
    ? createConnection(ProposedFeatures.all, process.stdin, process.stdout)
    : createConnection(ProposedFeatures.all);
  // What is printed by accident must not mix with the protocol on the standard output.
  if (stdio) console.log = (...words: readonly unknown[]) => connection.console.log(words.map(String).join(' '));
  const files = nodeHost(new URL('./assets/', pathToFileURL(__filename)));
  const today = () => new Date().toISOString().slice(0, 10);
  createServer(connection, {
    ...files,
    readsDisk: true,
    decode: (bytes) => new TextDecoder().decode(bytes),
    today,
    askHub: hubAsker(),
    refreshPrices: priceRefresh(files, today),
    watchKeptPrices: (changed) => watchKept(keptPricesPath(), changed),
    now: () => performance.now(),
    after(milliseconds, run) {
      const timer = setTimeout(run, milliseconds);
      return () => clearTimeout(timer);
    },
  });
}
