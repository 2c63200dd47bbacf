// The suite for the web worker host: no Node, no mocha; it ends by returning or throwing.
import * as vscode from 'vscode';

/** Hints, hover and report through the worker's server, on a workspace that only `workspace.fs` can read. */
export async function run(): Promise<void> {
  if ('process' in globalThis) throw new Error('this host has Node');
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  if (!folder) throw new Error('no folder is open');
  const document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(folder.uri, 'train.py'));
  await vscode.window.showTextDocument(document);
  const extension = vscode.extensions.getExtension('flopwise.flopwise');
  if (!extension) throw new Error('the extension is missing');
  await extension.activate();
  const everywhere = new vscode.Range(0, 0, document.lineCount, 0);
  let labels: string[] = [];
  for (let tries = 0; labels.length === 0 && tries < 200; tries += 1) {
    const hints = await vscode.commands.executeCommand<vscode.InlayHint[]>(
      'vscode.executeInlayHintProvider',
      document.uri,
      everywhere,
    );
    labels = hints.map(({ label }) => (typeof label === 'string' ? label : label.map(({ value }) => value).join('')));
    if (labels.length === 0) await new Promise((resolve) => setTimeout(resolve, 100));
  }
  console.log(`web host: ${document.uri.scheme}, ${vscode.env.uiKind}, hints ${JSON.stringify(labels)}`);
  if (!labels.some((label) => label.includes('$'))) throw new Error(`no cost among the hints: ${labels.join('; ')}`);
  const { content } = await vscode.lm.invokeTool('flopwise_estimate', {
    input: { filePath: 'train.py' },
    toolInvocationToken: undefined,
  });
  const words = content.map((part) => (part instanceof vscode.LanguageModelTextPart ? part.value : '')).join('');
  console.log(`web host: the tool answers ${words.length} characters`);
  if (!/Fits: \d+ of \d+ GiB/.test(words)) throw new Error(`the tool answers ${words.slice(0, 200)}`);
}
