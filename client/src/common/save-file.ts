import * as vscode from 'vscode';

/** Asks where to save what the panel made, and writes it there. */
export async function saveFile(source: string, name: string, base64: string): Promise<void> {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  const beside = vscode.Uri.parse(source, true);
  const home = beside.scheme === 'untitled' ? folder?.uri : vscode.Uri.joinPath(beside, '..');
  const target = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('Save'),
    ...(home ? { defaultUri: vscode.Uri.joinPath(home, name) } : {}),
  });
  if (!target) return;
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  await vscode.workspace.fs.writeFile(target, bytes);
}
