import * as vscode from 'vscode';
import type { BaseLanguageClient, WorkspaceEdit } from 'vscode-languageclient';
import { type AnswerResult, type AskItem, answerRequest, asksRequest } from '../../../server/src/protocol.ts';

/** Asks for what the files of a document's jobs leave out and writes it into the project file; `key` is the one question to ask. */
export async function fillIn(client: BaseLanguageClient, uri: string, key?: string): Promise<void> {
  const asks = await client.sendRequest<readonly AskItem[]>(asksRequest, { uri });
  const ask = key === undefined ? await pickAsk(asks) : asks.find((one) => one.key === key);
  if (!ask) {
    if (asks.length === 0) await vscode.window.showInformationMessage(vscode.l10n.t('Nothing is missing here.'));
    return;
  }
  const value = ask.choices ? await askAccelerator(ask, ask.choices) : await askNumber(ask);
  if (value === undefined) return;
  const {
    edit,
    refused,
    uri: file,
  } = await client.sendRequest<AnswerResult>(answerRequest, {
    uri,
    key: ask.key,
    value,
  });
  if (!edit || file === undefined) {
    await vscode.window.showWarningMessage(refused ?? vscode.l10n.t('The edit was not applied.'));
    return;
  }
  const wanted = await client.protocol2CodeConverter.asWorkspaceEdit(edit as WorkspaceEdit);
  if (!(await vscode.workspace.applyEdit(wanted))) {
    await vscode.window.showWarningMessage(vscode.l10n.t('The edit was not applied.'));
    return;
  }
  const said = vscode.l10n.t('{0}: {1} is written, not saved yet.', 'flopwise.yaml', ask.key);
  vscode.window.setStatusBarMessage(said, saidFor);
}

/** Milliseconds that a word in the status bar stays. */
const saidFor = 6000;

async function pickAsk(asks: readonly AskItem[]): Promise<AskItem | undefined> {
  if (asks.length <= 1) return asks[0];
  const items = asks.map((ask) => ({ label: ask.title, detail: ask.prompt, ask }));
  const picked = await vscode.window.showQuickPick(items, { title: vscode.l10n.t('What the files do not say') });
  return picked?.ask;
}

async function askAccelerator(ask: AskItem, choices: readonly string[]): Promise<string | undefined> {
  const name = await vscode.window.showQuickPick(choices, { title: ask.title, placeHolder: ask.prompt });
  if (name === undefined) return undefined;
  const count = await vscode.window.showInputBox({
    title: ask.title,
    prompt: vscode.l10n.t('Number of {0} on a node', name),
    value: '8',
    validateInput: (text) =>
      /^[1-9]\d*$/.test(text.trim()) ? undefined : vscode.l10n.t('A whole number above zero is wanted.'),
  });
  return count === undefined ? undefined : `${name}:${count.trim()}`;
}

function askNumber(ask: AskItem): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: ask.title,
    prompt: ask.prompt,
    placeHolder: ask.example,
    validateInput: (text) =>
      Number(text.replace(/[,_\s]/g, '')) > 0 ? undefined : vscode.l10n.t('A number above zero is wanted.'),
  });
}
