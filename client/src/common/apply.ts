import * as vscode from 'vscode';
import type { BaseLanguageClient, WorkspaceEdit } from 'vscode-languageclient';
import type { OptimizeItem } from '../../../server/src/protocol.ts';

/** Edits the files of the job to one way to run it; says why where that cannot be. */
export async function applyCandidate(client: BaseLanguageClient, { edit, refused, now }: OptimizeItem): Promise<void> {
  if (now) return;
  if (refused !== undefined || !edit) {
    const why = refused ?? vscode.l10n.t('no file says what would change');
    await vscode.window.showInformationMessage(vscode.l10n.t('This has to be changed by hand: {0}.', why));
    return;
  }
  const wanted = edit as WorkspaceEdit;
  if (isStale(client, wanted)) {
    await vscode.window.showWarningMessage(vscode.l10n.t('The files have changed since the search; search again.'));
    return;
  }
  const done = await vscode.workspace.applyEdit(await client.protocol2CodeConverter.asWorkspaceEdit(wanted));
  if (done) {
    const said = vscode.l10n.t('{0} files changed, none is saved yet.', filesOf(wanted));
    vscode.window.setStatusBarMessage(said, saidFor);
  } else await vscode.window.showWarningMessage(vscode.l10n.t('The edit was not applied.'));
}

/** Milliseconds that a word in the status bar stays. */
const saidFor = 6000;

function filesOf({ documentChanges = [], changes = {} }: WorkspaceEdit): number {
  return documentChanges.length || Object.keys(changes).length;
}

/** True where a document has moved on from the version that the edits were made for. */
function isStale(client: BaseLanguageClient, { documentChanges = [] }: WorkspaceEdit): boolean {
  return documentChanges.some((change) => {
    if (!('textDocument' in change) || change.textDocument.version === null) return false;
    const target = client.protocol2CodeConverter.asUri(change.textDocument.uri).toString();
    const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === target);
    return open !== undefined && open.version !== change.textDocument.version;
  });
}
