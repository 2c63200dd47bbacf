import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { BrowserMessageReader, BrowserMessageWriter, LanguageClient } from 'vscode-languageclient/browser';
import { startExtension } from '../common/extension.ts';
import { stopServer } from '../common/stop-server.ts';

let client: BaseLanguageClient | undefined;

/** The browser: the server is a web worker. */
export function activate(context: vscode.ExtensionContext): void {
  const script = vscode.Uri.joinPath(context.extensionUri, 'dist', 'server.worker.js');
  let worker: Worker | undefined;
  context.subscriptions.push({ dispose: () => worker?.terminate() });
  const server = async () => {
    worker?.terminate();
    worker = await startWorker(script);
    // Made here: the host's own Worker class is not the one that the client would test for.
    return { reader: new BrowserMessageReader(worker), writer: new BrowserMessageWriter(worker) };
  };
  client = startExtension(context, (options) => new LanguageClient('flopwise', 'Flopwise', server, options));
}

/** Ends the server with the window. */
export async function deactivate(): Promise<void> {
  if (client) await stopServer(client);
}

/** A worker by its address where that is allowed (https), else from its bytes: an extension on a remote has no address a worker may load. */
async function startWorker(script: vscode.Uri): Promise<Worker> {
  if (script.scheme === 'https' || script.scheme === 'http') return new Worker(script.toString(true));
  const bytes = await vscode.workspace.fs.readFile(script);
  const blob = new Blob([new Uint8Array(bytes)], { type: 'text/javascript' });
  return new Worker(URL.createObjectURL(blob));
}
