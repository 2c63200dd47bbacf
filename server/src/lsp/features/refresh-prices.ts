import { type CancellationToken, type Connection, ProgressType } from 'vscode-languageserver';
import {
  type RefreshPricesParams,
  type RefreshPricesResult,
  type RefreshProgress,
  refreshPricesRequest,
} from '../../protocol.ts';
import { type FaultLog, safely } from '../safely.ts';
import type { ServerHost } from '../server-host.ts';

/** What answering a refresh needs. */
export interface RefreshInput {
  readonly connection: Connection;
  readonly host: ServerHost;
  readonly log: FaultLog;
  /** New prices are kept: the catalogue is to be read again, and everything shown with it. */
  renewed(): Promise<void>;
}

/** Refreshes prices on the user's command, one refresh at a time, with progress; the catalogue is renewed without a restart. */
export function answerRefresh({ connection, host, log, renewed }: RefreshInput): void {
  const steps = new ProgressType<RefreshProgress>();
  let running = false;
  const refused = (message: string): RefreshPricesResult => ({ kept: false, message, lines: [], problems: [] });

  const refresh = async (params: RefreshPricesParams, token: CancellationToken): Promise<RefreshPricesResult> => {
    if (!host.refreshPrices) return refused('prices cannot be refreshed in a browser');
    if (running) return refused('a refresh is under way');
    running = true;
    try {
      const result = await host.refreshPrices({
        onStop: (run) => void token.onCancellationRequested(run),
        ...(params.proxy ? { proxy: params.proxy } : {}),
        ...(params.noProxy ? { noProxy: params.noProxy } : {}),
        progress(label, done, total) {
          if (params.progress !== undefined)
            void connection.sendProgress(steps, params.progress, { label, done, total });
        },
      });
      for (const line of [...result.lines, ...result.problems]) connection.console.info(`refresh: ${line}`);
      if (result.kept) await renewed();
      return result;
    } finally {
      running = false;
    }
  };
  connection.onRequest(refreshPricesRequest, (params: RefreshPricesParams, token) =>
    // A cancelled refresh still answers: the client is told that nothing was kept.
    safely(log, { name: 'refresh prices' }, refused('the refresh failed; the log says why'), () =>
      refresh(params, token),
    ),
  );
}
