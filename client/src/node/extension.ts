import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { LanguageClient, TransportKind } from 'vscode-languageclient/node';
import { startExtension } from '../common/extension.ts';
import { stopServer } from '../common/stop-server.ts';

let client: BaseLanguageClient | undefined;

/** Desktop and remote: the server is a process of its own. */
export function activate(context: vscode.ExtensionContext): void {
  const module = vscode.Uri.joinPath(context.extensionUri, 'dist', 'server.cjs').fsPath;
  const server = { module, transport: TransportKind.ipc };
  client = startExtension(
    context,
    (options) => new LanguageClient('flopwise', 'Flopwise', { run: server, debug: server }, options),
  );
}

/** Ends the server with the window. */
export async function deactivate(): Promise<void> {
  if (client) await stopServer(client);
}
