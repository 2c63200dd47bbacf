import {
  BrowserMessageReader,
  BrowserMessageWriter,
  createConnection,
  ProposedFeatures,
} from 'vscode-languageserver/browser';
import { createServer } from '../lsp/server.ts';
import { clientHost } from './host.ts';

declare const self: DedicatedWorkerGlobalScope;

const connection = createConnection(
  ProposedFeatures.all,
  new BrowserMessageReader(self),
  new BrowserMessageWriter(self),
);
createServer(connection, clientHost(connection));
