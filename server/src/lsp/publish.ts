import type { Connection } from 'vscode-languageserver';
import { statusNotification } from '../protocol.ts';
import type { Abilities } from './abilities.ts';
import type { Analyses } from './analyses.ts';
import type { Documents } from './documents.ts';
import { viewDiagnostics } from './features/diagnostics.ts';
import { viewStatus } from './features/status.ts';
import { type FaultLog, safely } from './safely.ts';
import type { SettingsCache } from './settings-cache.ts';
import { findingsIn, hintsIn, type View } from './view.ts';

/** What the server says unasked, after a pause in typing: status, pushed diagnostics, "ask again" for other documents of a job. */
export interface Published {
  /** Tells what has changed since the last time. */
  tell(): Promise<void>;
  /** Asks the client to ask again for everything: settings or prices have changed. */
  refresh(): Promise<void>;
  close(uri: string): void;
}

/** What publishing needs. */
export interface PublishInput {
  readonly connection: Connection;
  readonly analyses: Analyses;
  readonly settings: SettingsCache;
  readonly documents: Documents;
  readonly log: FaultLog;
  abilities(): Abilities;
  /** Lets requests be answered between two documents. */
  breathe(): Promise<void>;
}

/** Remembers what was told, so that nothing is told twice. */
export function keepPublished(input: PublishInput): Published {
  const { connection, analyses, settings, documents, abilities, log, breathe } = input;
  const statuses = new Map<string, string>();
  const shown = new Map<string, { readonly version: number; readonly mark: string }>();
  const pushed = new Map<string, ReadonlySet<string>>();

  let telling = 0;
  /** Something that is shown has changed without an edit, in this round or in one that was broken off. */
  let stale = false;

  const refresh = async () => {
    const { refreshHints, refreshDiagnostics } = abilities();
    if (refreshHints) await connection.languages.inlayHint.refresh();
    if (refreshDiagnostics) await connection.languages.diagnostics.refresh();
  };
  const push = async (view: View) => {
    const { uri, version, cells } = view.file;
    const { diagnostics, core } = await settings.of(uri);
    const targets = cells ? cells.map((cell) => cell.uri ?? uri) : [uri];
    for (const target of targets) {
      const items = diagnostics.enabled ? viewDiagnostics(view, target, abilities(), core.today) : [];
      const edited = cells ? documents.versionOf(target) : version;
      await connection.sendDiagnostics({
        uri: target,
        diagnostics: items,
        ...(edited === null ? {} : { version: edited }),
      });
    }
    pushed.set(uri, new Set(targets));
  };
  /** True where a document that was not edited shows something else than before. */
  const tellOf = async (uri: string): Promise<boolean> => {
    const view = await analyses.viewOf(uri);
    if (!view) return false;
    if (abilities().status) {
      const status = viewStatus(view, abilities().say);
      const mark = JSON.stringify(status);
      if (statuses.get(uri) !== mark) await connection.sendNotification(statusNotification, status);
      statuses.set(uri, mark);
    }
    if (!abilities().pullDiagnostics) await push(view);
    const mark = JSON.stringify([hintsIn(view), findingsIn(view).map(({ span, message }) => [span, message])]);
    const before = shown.get(uri);
    shown.set(uri, { version: view.file.version, mark });
    return before !== undefined && before.version === view.file.version && before.mark !== mark;
  };

  return {
    async tell() {
      telling += 1;
      const run = telling;
      for (const { uri, version } of documents.all()) {
        await breathe();
        // A change has come meanwhile: its own round tells the rest.
        if (run !== telling) return;
        const moved = await safely(log, { name: 'publish', uri, version }, false, () => tellOf(uri));
        stale ||= moved;
      }
      if (stale) await safely(log, { name: 'refresh' }, undefined, refresh);
      stale = false;
    },
    refresh: () => safely(log, { name: 'refresh' }, undefined, refresh),
    close(uri) {
      for (const target of pushed.get(uri) ?? []) {
        void safely(log, { name: 'publish', uri: target }, undefined, () =>
          connection.sendDiagnostics({ uri: target, diagnostics: [] }),
        );
      }
      statuses.delete(uri);
      shown.delete(uri);
      pushed.delete(uri);
    },
  };
}
