import type { Connection } from 'vscode-languageserver/browser';
import type { ServerHost } from '../lsp/server-host.ts';
import { type ReadAssetResult, readAssetRequest } from '../protocol.ts';

/** A worker's world: it can reach nothing itself, so assets come from the client (files do where the client offers them). */
export function clientHost(connection: Pick<Connection, 'sendRequest'>): ServerHost {
  return {
    readsDisk: false,
    readFile: () => Promise.resolve(undefined),
    readFolder: () => Promise.resolve(undefined),
    async readAsset(name) {
      const { base64 } = await connection.sendRequest<ReadAssetResult>(readAssetRequest, { name });
      return Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
    },
    decode: (bytes) => new TextDecoder().decode(bytes),
    today: () => new Date().toISOString().slice(0, 10),
    now: () => performance.now(),
    after(milliseconds, run) {
      const timer = setTimeout(run, milliseconds);
      return () => clearTimeout(timer);
    },
  };
}
