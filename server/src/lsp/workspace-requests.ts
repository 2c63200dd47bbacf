import { type Connection, ProgressType } from 'vscode-languageserver';
import type { Host } from '#core/host.ts';
import { keepScan, type Scanned, type ScanWatch } from '../gather/scan.ts';
import {
  type WorkspaceParams,
  type WorkspaceProgress,
  type WorkspaceResult,
  workspaceChangedNotification,
  workspaceRequest,
} from '../protocol.ts';
import type { Context } from './context.ts';
import { viewOverview, viewScanProgress } from './features/overview.ts';
import { safely } from './safely.ts';
import type { ServerHost } from './server-host.ts';

/** What the server tells of changes. */
export interface WorkspaceRequests {
  /** A file has changed on the disk, come or gone. */
  forget(uri: string): void;
  /** Something may have changed: tells the client, where it has asked before. */
  changed(): void;
}

/** Answers for the whole workspace; the first question lists and reads it, later ones read what has changed. */
export function answerWorkspace(
  connection: Connection,
  { documents, settings, engine, abilities, log }: Context,
  host: ServerHost,
  files: Host,
  folders: () => readonly string[],
): WorkspaceRequests {
  const scan = keepScan({ host: files, open: (uri) => documents.file(uri) });
  const steps = new ProgressType<WorkspaceProgress>();
  let asked = false;
  connection.onRequest(workspaceRequest, ({ progress }: WorkspaceParams, token) =>
    safely<WorkspaceResult | null>(
      log,
      { name: 'workspace' },
      null,
      async () => {
        asked = true;
        const { say } = abilities();
        let told = Number.NEGATIVE_INFINITY;
        const watch: ScanWatch = {
          isCancelled: () => token.isCancellationRequested,
          breathe: () => new Promise((done) => host.after(0, done)),
          progress(step) {
            if (progress === undefined || host.now() - told < tellEvery) return;
            told = host.now();
            void connection.sendProgress(steps, progress, viewScanProgress(step, say));
          },
        };
        const roots = folders().map((uri) => uri.replace(/\/$/, ''));
        const found: Scanned[] = [];
        for (const root of roots) {
          const one = await scan.run(root, await engine(), (await settings.of(root)).core, watch);
          if (token.isCancellationRequested) return null;
          if (one) found.push(one);
        }
        return viewOverview(found, roots, say);
      },
      token,
    ),
  );
  return {
    forget: (uri) => scan.forget(uri),
    changed() {
      if (asked) void connection.sendNotification(workspaceChangedNotification);
    },
  };
}

/** Milliseconds between two steps that are told. */
const tellEvery = 100;
