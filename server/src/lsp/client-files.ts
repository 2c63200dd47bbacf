import type { Connection } from 'vscode-languageserver';
import type { Host } from '#core/host.ts';
import { type ReadFileResult, type ReadFolderResult, readFileRequest, readFolderRequest } from '../protocol.ts';
import type { ServerHost } from './server-host.ts';

/** A host that asks the client for what the shell cannot read itself: documents of virtual file systems, everything in a browser. */
export function withClientFiles(connection: Connection, host: ServerHost, able: () => boolean): Host {
  const ownFiles = host.readsDisk;
  const own = (uri: string) => !able() || (ownFiles && uri.startsWith('file:'));
  return {
    async readFile(uri) {
      if (own(uri)) return host.readFile(uri);
      return (await connection.sendRequest<ReadFileResult>(readFileRequest, { uri })).text;
    },
    async readFolder(uri) {
      if (own(uri)) return host.readFolder(uri);
      return (await connection.sendRequest<ReadFolderResult>(readFolderRequest, { uri })).uris;
    },
    async listFolder(uri) {
      if (own(uri)) return host.listFolder?.(uri);
      const { uris, folders } = await connection.sendRequest<ReadFolderResult>(readFolderRequest, { uri });
      return uris && { files: uris, folders: folders ?? [] };
    },
    readAsset: (name) => host.readAsset(name),
  };
}
