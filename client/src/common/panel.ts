import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { ProgressType } from 'vscode-languageclient';
import {
  fillInCommand,
  type OptimizeItem,
  type OptimizeParams,
  type OptimizeResult,
  optimizeRequest,
  type PageResult,
  pageRequest,
} from '../../../server/src/protocol.ts';
import type { FromPage, PageState, ToPage } from '../../panel/messages.ts';
import { activeUri, openFirst } from './active.ts';
import { applyCandidate } from './apply.ts';
import { panelHtml } from './panel-html.ts';
import { saveFile } from './save-file.ts';

/** The panel's type: the window restores panels by it. */
const viewType = 'flopwise.report';
/** Milliseconds without a change before figures are asked for again. */
const pause = 300;

/** The report panel: one for the window, showing one document at a time. */
export function provideReport(
  client: BaseLanguageClient,
  extension: vscode.Uri,
): vscode.Disposable & { open(uri?: string): Promise<void> } {
  let shown: ShownReport | undefined;
  const take = (panel: vscode.WebviewPanel, uri: string) => {
    const report = showReport(client, extension, panel, uri);
    shown = report;
    panel.onDidDispose(() => {
      report.dispose();
      if (shown === report) shown = undefined;
    });
  };
  const serializer = vscode.window.registerWebviewPanelSerializer(viewType, {
    async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: Partial<PageState> | undefined) {
      if (typeof state?.uri === 'string') take(panel, state.uri);
      else panel.dispose();
    },
  });
  return {
    async open(given) {
      const uri = given ?? activeUri();
      if (uri === undefined) {
        await openFirst();
        return;
      }
      if (shown?.uri === uri) {
        shown.panel.reveal(undefined, true);
        return;
      }
      const column = shown?.panel.viewColumn ?? vscode.ViewColumn.Beside;
      shown?.panel.dispose();
      const panel = vscode.window.createWebviewPanel(
        viewType,
        vscode.l10n.t('Cost report'),
        { viewColumn: column, preserveFocus: true },
        optionsOf(extension),
      );
      take(panel, uri);
    },
    dispose() {
      serializer.dispose();
      shown?.panel.dispose();
    },
  };
}

interface ShownReport extends vscode.Disposable {
  readonly uri: string;
  readonly panel: vscode.WebviewPanel;
}

function optionsOf(extension: vscode.Uri): vscode.WebviewPanelOptions & vscode.WebviewOptions {
  return { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(extension, 'dist', 'panel')] };
}

function showReport(
  client: BaseLanguageClient,
  extension: vscode.Uri,
  panel: vscode.WebviewPanel,
  uri: string,
): ShownReport {
  const { webview } = panel;
  let job: string | undefined;
  let items: readonly OptimizeItem[] = [];
  let searching = new vscode.CancellationTokenSource();
  let run = 0;
  let later: ReturnType<typeof setTimeout> | undefined;
  const post = (message: ToPage) => void webview.postMessage(message);

  const search = async () => {
    searching.cancel();
    searching = new vscode.CancellationTokenSource();
    const { token } = searching;
    const wanted = job;
    if (wanted === undefined) return;
    run += 1;
    const progress = `${optimizeRequest} page ${run} ${uri}`;
    const params: OptimizeParams = { uri, limits: {}, job: wanted, plots: true, progress };
    const show = ({ plots = [], items: found }: OptimizeResult, busy: boolean) => {
      if (token.isCancellationRequested) return;
      items = busy ? [] : found;
      post({ kind: 'search', job: wanted, search: { plots, busy, rows: found.map((one) => stateOf(one, busy)) } });
    };
    const partial = client.onProgress(new ProgressType<OptimizeResult>(), progress, (result) => show(result, true));
    try {
      const result = await answered(client.sendRequest<OptimizeResult | null>(optimizeRequest, params, token), token);
      if (result) show(result, false);
    } finally {
      partial.dispose();
    }
  };
  const refresh = async () => {
    const model = await client.sendRequest<PageResult | null>(pageRequest, { uri });
    post({
      kind: 'model',
      model: model ?? { jobs: [], problems: [], pricesAsOf: '' },
      words: textsOf(vscode.l10n.bundle),
      locale: vscode.env.language,
    });
    // The page shows the first job where the one that it remembers is gone.
    const one = model?.jobs.find(({ id }) => id === job) ?? model?.jobs[0];
    job = one?.id;
    if (one?.searchable) await search();
  };
  const soon = () => {
    clearTimeout(later);
    later = setTimeout(() => {
      if (panel.visible) void refresh();
    }, pause);
  };

  panel.title = vscode.l10n.t('Cost of {0}', nameOf(uri));
  webview.options = optionsOf(extension);
  const listening = vscode.Disposable.from(
    webview.onDidReceiveMessage(async (message: FromPage) => {
      switch (message.kind) {
        case 'ready':
          job = message.job;
          return refresh();
        case 'job':
          job = message.job;
          return search();
        case 'reveal':
          return reveal(client, message.place);
        case 'apply': {
          const item = message.job === job ? items[message.row] : undefined;
          return item && applyCandidate(client, item);
        }
        case 'ask':
          return vscode.commands.executeCommand(fillInCommand, uri, message.key);
        case 'save':
          return saveFile(uri, message.name, message.base64);
      }
    }),
    vscode.workspace.onDidChangeTextDocument(({ contentChanges }) => {
      if (contentChanges.length > 0) soon();
    }),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration('flopwise')) soon();
    }),
    panel.onDidChangeViewState(() => {
      if (panel.visible) soon();
    }),
  );
  webview.html = panelHtml(webview, extension, uri);
  return {
    uri,
    panel,
    dispose() {
      clearTimeout(later);
      searching.cancel();
      listening.dispose();
    },
  };
}

/** The answer; none where the client library answers a cancelled request by an error. */
async function answered<T>(work: Promise<T>, token: vscode.CancellationToken): Promise<T | undefined> {
  try {
    return await work;
  } catch (fault) {
    if (token.isCancellationRequested) return undefined;
    throw fault;
  }
}

function stateOf({ now, edit, refused }: OptimizeItem, busy: boolean): string {
  if (now) return 'now';
  if (busy) return '';
  return edit === undefined ? (refused ?? vscode.l10n.t('no file says what would change')) : 'apply';
}

async function reveal(
  client: BaseLanguageClient,
  { uri, line, character }: { readonly uri: string; readonly line: number; readonly character: number },
): Promise<void> {
  const at = new vscode.Position(line, character);
  const target = client.protocol2CodeConverter.asUri(uri);
  const open = vscode.window.visibleTextEditors.find(({ document }) => document.uri.toString() === target.toString());
  await vscode.window.showTextDocument(target, {
    selection: new vscode.Range(at, at),
    viewColumn: open?.viewColumn ?? vscode.ViewColumn.One,
  });
}

function nameOf(uri: string): string {
  return decodeURIComponent(uri.slice(uri.lastIndexOf('/') + 1));
}

/** Texts of the bundle; entries with comments are objects and not used here. */
function textsOf(bundle: Readonly<Record<string, unknown>> | undefined): Readonly<Record<string, string>> {
  const texts = Object.entries(bundle ?? {}).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return Object.fromEntries(texts);
}
