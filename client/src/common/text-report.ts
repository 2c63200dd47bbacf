import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { type ReportResult, reportRequest } from '../../../server/src/protocol.ts';
import { activeUri, openFirst } from './active.ts';

const scheme = 'flopwise-report';

/** The report of a document as a read-only page, made fresh each time it is opened. */
export function provideTextReport(
  client: BaseLanguageClient,
): vscode.Disposable & { open(uri?: string): Promise<void> } {
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const sources = new Map<string, string>();
  const provider = vscode.workspace.registerTextDocumentContentProvider(scheme, {
    onDidChange: changed.event,
    async provideTextDocumentContent(page) {
      const uri = sources.get(page.toString());
      const report = uri ? await client.sendRequest<ReportResult | null>(reportRequest, { uri }) : null;
      return report?.markdown ?? `# ${vscode.l10n.t('Cost report')}\n\n${vscode.l10n.t('No job is stated here.')}\n`;
    },
  });
  return {
    async open(uri) {
      const source = uri ?? activeUri();
      if (!source) {
        await openFirst();
        return;
      }
      const name = source.slice(source.lastIndexOf('/') + 1);
      const page = vscode.Uri.from({ scheme, path: `/${decodeURIComponent(name)} cost.md` });
      sources.set(page.toString(), source);
      changed.fire(page);
      await vscode.commands.executeCommand('markdown.showPreviewToSide', page);
    },
    dispose() {
      provider.dispose();
      changed.dispose();
    },
  };
}
