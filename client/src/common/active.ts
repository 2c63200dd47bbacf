import * as vscode from 'vscode';

/** The document or notebook in front; undefined where there is none. */
export function activeUri(): string | undefined {
  return (
    vscode.window.activeTextEditor?.document.uri.toString() ??
    vscode.window.activeNotebookEditor?.notebook.uri.toString()
  );
}

/** What is said where a command needs a document and none is open. */
export async function openFirst(): Promise<void> {
  await vscode.window.showInformationMessage(vscode.l10n.t('Open a training script, a config or a job file first.'));
}
