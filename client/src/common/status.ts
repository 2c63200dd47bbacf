import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { type StatusParams, showReportCommand, statusNotification } from '../../../server/src/protocol.ts';
import { documentSelector } from './selectors.ts';

/** The language status item: the sum of the file in front, the price date, a click to the report. */
export function showStatus(client: BaseLanguageClient): vscode.Disposable {
  const texts = new Map<string, StatusParams>();
  const item = vscode.languages.createLanguageStatusItem(
    'flopwise.status',
    documentSelector as vscode.DocumentSelector,
  );
  item.name = 'Flopwise';
  const show = () => {
    const uri = vscode.window.activeTextEditor?.document.uri.toString() ?? '';
    const status = texts.get(uri) ?? texts.get(vscode.window.activeNotebookEditor?.notebook.uri.toString() ?? '');
    const enabled = vscode.workspace.getConfiguration('flopwise').get('status.enabled', true);
    item.text = enabled && status && status.jobs > 0 ? status.text : vscode.l10n.t('No job here');
    item.detail = status?.detail ?? '';
    const hasJob = status !== undefined && status.jobs > 0;
    // Menus and the first step of the walkthrough go by it.
    void vscode.commands.executeCommand('setContext', 'flopwise.hasJob', hasJob);
    item.severity = vscode.LanguageStatusSeverity.Information;
    if (status && hasJob) {
      item.command = { title: vscode.l10n.t('Report'), command: showReportCommand, arguments: [status.uri] };
    } else {
      item.command = { title: vscode.l10n.t('Log'), command: 'flopwise.showLog' };
    }
  };
  show();
  return vscode.Disposable.from(
    item,
    vscode.window.onDidChangeActiveTextEditor(show),
    vscode.window.onDidChangeActiveNotebookEditor(show),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration('flopwise.status')) show();
    }),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => texts.delete(uri.toString())),
    client.onNotification(statusNotification, (status: StatusParams) => {
      texts.set(vscode.Uri.parse(status.uri).toString(), status);
      show();
    }),
  );
}
