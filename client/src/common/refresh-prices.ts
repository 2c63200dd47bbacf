import * as vscode from 'vscode';
import { type BaseLanguageClient, ProgressType } from 'vscode-languageclient';
import {
  type RefreshPricesParams,
  type RefreshPricesResult,
  type RefreshProgress,
  refreshPricesRequest,
} from '../../../server/src/protocol.ts';

/** Asks the public price lists, with progress and a way to stop. Nothing is fetched but by this command. */
export async function refreshPrices(client: BaseLanguageClient): Promise<RefreshPricesResult | undefined> {
  const http = vscode.workspace.getConfiguration('http');
  const proxy = http.get<string>('proxySupport') === 'off' ? '' : (http.get<string>('proxy') ?? '');
  const token = `${refreshPricesRequest} ${Date.now()}`;
  const params: RefreshPricesParams = { progress: token, proxy, noProxy: http.get<string[]>('noProxy') ?? [] };
  const result = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t('Refreshing GPU prices'),
      cancellable: true,
    },
    async (progress, cancelled) => {
      const steps = client.onProgress(new ProgressType<RefreshProgress>(), token, ({ label, done, total }) => {
        progress.report({ message: `${done + 1}/${total} ${label}`, increment: done === 0 ? 0 : 100 / total });
      });
      try {
        return await client.sendRequest<RefreshPricesResult>(refreshPricesRequest, params, cancelled);
      } catch (fault) {
        // The client library itself answers a cancelled request by an error.
        if (cancelled.isCancellationRequested) return undefined;
        throw fault;
      } finally {
        steps.dispose();
      }
    },
  );
  if (result) void tell(client, result);
  return result;
}

async function tell(client: BaseLanguageClient, { kept, message, problems }: RefreshPricesResult): Promise<void> {
  const log = vscode.l10n.t('Show log');
  const refused = problems.length > 0 ? vscode.l10n.t('{0} remarks in the log', problems.length) : '';
  const words = `Flopwise: ${[message, refused].filter((one) => one !== '').join('; ')}.`;
  const show = kept ? vscode.window.showInformationMessage : vscode.window.showWarningMessage;
  if ((await show(words, log)) === log) client.outputChannel.show(true);
}
