import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import {
  fillInCommand,
  optimizeCommand,
  refreshPricesCommand,
  showReportCommand,
} from '../../../server/src/protocol.ts';
import { activeUri, openFirst } from './active.ts';
import { fillIn } from './answer.ts';
import { findCheaper } from './optimize.ts';
import { provideReport } from './panel.ts';
import { refreshPrices } from './refresh-prices.ts';
import { stopServer } from './stop-server.ts';
import { provideTextReport } from './text-report.ts';
import type { Job } from './workspace-items.ts';

/** Every command of the manifest. */
export function registerCommands(client: BaseLanguageClient, extension: vscode.Uri): vscode.Disposable {
  const report = provideReport(client, extension);
  const text = provideTextReport(client);
  return vscode.Disposable.from(
    report,
    text,
    vscode.commands.registerCommand(showReportCommand, (uri?: unknown) => report.open(toUri(uri))),
    vscode.commands.registerCommand('flopwise.showTextReport', (uri?: unknown) => text.open(toUri(uri))),
    vscode.commands.registerCommand(optimizeCommand, async (given?: unknown) => {
      const uri = toUri(given) ?? activeUri();
      await (uri === undefined ? openFirst() : findCheaper(client, uri));
    }),
    vscode.commands.registerCommand(fillInCommand, async (given?: unknown, key?: unknown) => {
      const uri = toUri(given) ?? activeUri();
      await (uri === undefined ? openFirst() : fillIn(client, uri, typeof key === 'string' ? key : undefined));
    }),
    vscode.commands.registerCommand(refreshPricesCommand, () => refreshPrices(client)),
    vscode.commands.registerCommand('flopwise.restartServer', () => restart(client)),
    vscode.commands.registerCommand('flopwise.showLog', () => client.outputChannel.show(true)),
  );
}

let restarting: Promise<void> | undefined;

/** A new server with the same documents; several calls at once make one restart. */
function restart(client: BaseLanguageClient): Promise<void> {
  restarting ??= stopServer(client)
    .then(() => client.start())
    .finally(() => {
      restarting = undefined;
    });
  return restarting;
}

/** Menus hand over a URI object, links a string, the tree of the workspace its job. */
function toUri(given: unknown): string | undefined {
  if (typeof given === 'string') return given;
  if (typeof given === 'object' && given !== null && 'job' in given) return (given as Job).job.uri;
  return given instanceof vscode.Uri ? given.toString() : undefined;
}
