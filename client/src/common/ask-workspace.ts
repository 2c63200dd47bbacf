import * as vscode from 'vscode';
import { type BaseLanguageClient, ProgressType } from 'vscode-languageclient';
import {
  type WorkspaceParams,
  type WorkspaceProgress,
  type WorkspaceResult,
  workspaceRequest,
} from '../../../server/src/protocol.ts';

/** A look that takes longer than this says how far it is, and can be stopped. */
const patience = 1500;

let asked = 0;

/** Asks for all jobs of the workspace; undefined where the user has stopped it. */
export async function askWorkspace(
  client: BaseLanguageClient,
  viewId: string,
  first: boolean,
): Promise<WorkspaceResult | undefined> {
  asked += 1;
  const progress = `${workspaceRequest} ${asked}`;
  const params: WorkspaceParams = first ? { progress } : {};
  const stop = new vscode.CancellationTokenSource();
  const steps = new vscode.EventEmitter<WorkspaceProgress>();
  const partial = client.onProgress(new ProgressType<WorkspaceProgress>(), progress, (step) => steps.fire(step));
  const work = client
    .sendRequest<WorkspaceResult | null>(workspaceRequest, params, stop.token)
    .then((result) => result ?? undefined)
    .catch((fault: unknown) => {
      // The client library itself answers a cancelled request by an error.
      if (stop.token.isCancellationRequested) return undefined;
      throw fault;
    });
  const patient = setTimeout(() => {
    if (first) void tell(work, steps.event, stop);
  }, patience);
  try {
    return await vscode.window.withProgress({ location: { viewId } }, () => work);
  } finally {
    clearTimeout(patient);
    partial.dispose();
    steps.dispose();
    stop.dispose();
  }
}

async function tell(
  work: Promise<unknown>,
  step: vscode.Event<WorkspaceProgress>,
  stop: vscode.CancellationTokenSource,
): Promise<void> {
  const title = vscode.l10n.t('Looking for jobs');
  await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    async (progress, cancelled) => {
      let done = 0;
      const listening = vscode.Disposable.from(
        cancelled.onCancellationRequested(() => stop.cancel()),
        step(({ text, share = 0 }) => {
          progress.report({ message: text, increment: Math.max(0, share - done) });
          done = Math.max(done, share);
        }),
      );
      await work.finally(() => listening.dispose());
    },
  );
}
