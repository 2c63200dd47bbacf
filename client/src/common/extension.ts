import * as vscode from 'vscode';
import type { BaseLanguageClient, LanguageClientOptions } from 'vscode-languageclient';
import { type ClientAbilities, fillInCommand, showReportCommand } from '../../../server/src/protocol.ts';
import { registerCommands } from './commands.ts';
import { serveFiles } from './files.ts';
import { documentSelector } from './selectors.ts';
import { showStatus } from './status.ts';
import { registerTools } from './tools.ts';
import { showWorkspace } from './workspace-tree.ts';

/** Makes the language client of the place the extension runs in. */
export type MakeClient = (options: LanguageClientOptions) => BaseLanguageClient;

/**
 * What both entry points do: one client, the status item, the commands. The server starts beside it: nothing waits for it
 * but what asks it.
 */
export function startExtension(context: vscode.ExtensionContext, makeClient: MakeClient): BaseLanguageClient {
  const abilities: ClientAbilities = {
    commands: true,
    files: true,
    status: true,
    words: vscode.l10n.bundle ?? {},
    rulePages: `${vscode.Uri.joinPath(context.extensionUri, 'docs', 'rules').toString()}/`,
  };
  const client = makeClient({
    documentSelector,
    initializationOptions: abilities,
    markdown: { isTrusted: { enabledCommands: [showReportCommand, fillInCommand] }, supportHtml: false },
    diagnosticPullOptions: { onChange: true, onSave: true, onTabs: true },
  });
  context.subscriptions.push(
    registerCommands(client, context.extensionUri),
    serveFiles(client, vscode.Uri.joinPath(context.extensionUri, 'dist', 'assets')),
    showStatus(client),
    showWorkspace(client, context.workspaceState),
    registerTools(client),
  );
  // After this turn: whoever activates the extension does not wait until the process is there.
  const starting = setTimeout(() => {
    client.start().catch((fault) => client.error(vscode.l10n.t('The language server did not start.'), fault));
  });
  context.subscriptions.push({ dispose: () => clearTimeout(starting) });
  return client;
}
