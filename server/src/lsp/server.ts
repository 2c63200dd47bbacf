import {
  CodeActionKind,
  CompletionRequest,
  type Connection,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  type Disposable,
  type DocumentDiagnosticReport,
  type InitializeParams,
  ProgressType,
  type ServerCapabilities,
  TextDocumentSyncKind,
} from 'vscode-languageserver';
import { withModels } from '#core/catalog/more-models.ts';
import { projectFileNames } from '#core/project/project.ts';
import { type Engine, loadEngine, renewEngine } from '../gather/engine.ts';
import { keepHubModels } from '../gather/hub.ts';
import { readNeighbours } from '../gather/neighbours.ts';
import {
  type ExplainParams,
  type ExplainResult,
  explainRequest,
  type OptimizeParams,
  type OptimizeResult,
  optimizeRequest,
  type PageResult,
  pageRequest,
  type ReportParams,
  reportRequest,
} from '../protocol.ts';
import { type Abilities, readAbilities } from './abilities.ts';
import { type Analyses, keepAnalyses } from './analyses.ts';
import { answerAsks } from './ask-requests.ts';
import { withClientFiles } from './client-files.ts';
import { listenToDocuments } from './documents.ts';
import { fixAllKind, rewriteKind, viewCodeActions } from './features/code-actions.ts';
import { resultIdOf, viewDiagnostics } from './features/diagnostics.ts';
import { viewExplained } from './features/explain.ts';
import { viewHover } from './features/hover.ts';
import { viewInlayHints } from './features/inlay-hints.ts';
import { optimizeView, reachOf } from './features/optimize.ts';
import { viewPage } from './features/page.ts';
import { viewPragmaCompletions, viewPragmaHover } from './features/pragmas.ts';
import { viewProjectCompletions, viewProjectHover } from './features/project-file.ts';
import { answerRefresh } from './features/refresh-prices.ts';
import { viewReport } from './features/report.ts';
import { keepPublished } from './publish.ts';
import { type FaultLog, safely } from './safely.ts';
import type { ServerHost } from './server-host.ts';
import { keepSettings } from './settings-cache.ts';
import { spokenAnalyses } from './spoken.ts';
import { insideWorkspace } from './workspace.ts';
import { answerWorkspace } from './workspace-requests.ts';

/** Changes are told after this pause; requests are answered at once. */
const pause = 200;

/** Languages of editors in which a comment may silence a rule. */
const commentedLanguages = ['python', 'yaml', 'dockercompose', 'toml', 'shellscript', 'terraform', 'opentofu', 'hcl'];

const watched = '**/*.{py,yaml,yml,json,toml,sh,bash,sbatch,slurm,tf,hcl,pbtxt}';

/** Wires one connection to the analyses. The connection starts listening here; the shell only makes it. */
export function createServer(connection: Connection, host: ServerHost): void {
  const log: FaultLog = connection.console;
  let abilities = readAbilities({ processId: null, rootUri: null, capabilities: {} });
  let folders: readonly string[] = [];
  const documents = listenToDocuments(connection);
  const settings = keepSettings(
    connection,
    () => abilities,
    () => host.today(),
  );
  const files = withClientFiles(connection, host, () => abilities.files);
  const neighbours = readNeighbours(
    files,
    insideWorkspace(documents, () => folders),
  );
  let loading: Promise<Engine> | undefined;
  const engine = () => {
    loading ??= loadEngine(host).then((loaded) => {
      for (const { message } of loaded.notices ?? []) connection.console.warn(message);
      return loaded;
    });
    return loading;
  };
  const hub = host.askHub && keepHubModels(host.askHub);
  const analysed = keepAnalyses({
    documents,
    neighbours,
    engine,
    settingsOf: async (uri) => (await settings.of(uri)).core,
    analyzed: (uri, { workloads }, seen) =>
      void safely(log, { name: 'model hub', uri }, undefined, async () => {
        if (!hub || !(await settings.of(uri)).models.askHub) return;
        const told = hub.problems().length;
        const isNew = await hub.ask(workloads, seen);
        for (const { message } of hub.problems().slice(told)) connection.console.info(message);
        if (!isNew) return;
        const now = await engine();
        loading = Promise.resolve({ ...now, catalog: withModels(now.catalog, hub.learned()) });
        void published.refresh();
        later();
      }),
  });
  const analyses = spokenAnalyses(analysed, () => abilities.say);
  const published = keepPublished({
    connection,
    analyses,
    settings,
    documents,
    abilities: () => abilities,
    log,
    breathe: () => new Promise((done) => host.after(0, done)),
  });
  let cancelPause: () => void = () => undefined;
  const later = () => {
    cancelPause();
    cancelPause = host.after(pause, () => {
      void published.tell();
      workspace.changed();
    });
  };

  connection.onInitialize((params) => {
    abilities = readAbilities(params);
    folders = foldersOf(params);
    settings.offer(abilities.settings);
    if (host.readsDisk) void safely(log, { name: 'loading' }, undefined, engine);
    return { capabilities: capabilitiesOf(abilities), serverInfo: { name: 'flopwise' } };
  });
  connection.onInitialized(() => {
    void safely(log, { name: 'registration' }, undefined, () => register(connection, abilities));
    if (abilities.folders) {
      connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
        const gone = new Set(removed.map(({ uri }) => uri));
        folders = [...folders.filter((uri) => !gone.has(uri)), ...added.map(({ uri }) => uri)];
      });
    }
  });
  connection.onDidChangeConfiguration(({ settings: given }) => {
    settings.forget(given);
    void published.refresh();
    later();
  });
  connection.onDidChangeWatchedFiles(({ changes }) => {
    for (const { uri } of changes) {
      neighbours.forget(uri);
      workspace.forget(uri);
    }
    later();
  });
  documents.onChange(later);
  documents.onClose((uri) => {
    analyses.close(uri);
    published.close(uri);
    neighbours.forget(uri);
    later();
  });
  const context = { analyses, settings, documents, engine, abilities: () => abilities, log };
  const workspace = answerWorkspace(connection, context, host, files, () => folders);
  answer(connection, context);
  answerPage(connection, context);
  answerExplain(connection, context);
  answerSearch(connection, context, host);
  answerAsks(connection, context, () => folders);
  const renewed = async () => {
    // The tables before it hold until the new ones are read.
    const next = await renewEngine(host, await engine());
    loading = Promise.resolve({ ...next, catalog: withModels(next.catalog, hub?.learned() ?? []) });
    for (const { message } of next.notices ?? []) connection.console.warn(message);
    void published.refresh();
    later();
  };
  answerRefresh({ connection, host, log, renewed });
  // A refresh on the command line, or in another window, is taken over as one of our own.
  host.watchKeptPrices?.(() => void safely(log, { name: 'refreshed prices' }, undefined, renewed));
  connection.listen();
}

/** What the request handlers share. */
export interface Context {
  readonly analyses: Analyses;
  readonly settings: ReturnType<typeof keepSettings>;
  readonly documents: ReturnType<typeof listenToDocuments>;
  readonly log: FaultLog;
  engine(): Promise<Engine>;
  abilities(): Abilities;
}

/** One handler a surface: the view of the document, shown. */
function answer(connection: Connection, { analyses, settings, documents, engine, abilities, log }: Context): void {
  const asked = (name: string, uri: string) => ({ name, uri, version: documents.file(uri)?.version });

  connection.languages.inlayHint.on(({ textDocument: { uri }, range }, token) =>
    safely(
      log,
      asked('inlayHint', uri),
      [],
      async () => {
        const { hints } = await settings.of(uri);
        const view = hints.enabled ? await analyses.viewOf(uri) : undefined;
        return view ? viewInlayHints(view, uri, range, hints, abilities()) : [];
      },
      token,
    ),
  );
  connection.onHover(({ textDocument: { uri }, position }, token) =>
    safely(
      log,
      asked('hover', uri),
      null,
      async () => {
        const { hover, core } = await settings.of(uri);
        if (!hover.enabled) return null;
        const file = documents.file(uri);
        const { syntax, catalog } = await engine();
        const meaning =
          file &&
          (viewPragmaHover(file, uri, position, abilities().rulePages) ??
            viewProjectHover(file, position, syntax, catalog, abilities().say));
        if (meaning) return meaning;
        const view = await analyses.viewOf(uri);
        if (!view) return null;
        const world = { files: view.files, syntax, catalog, settings: core };
        return viewHover(view, uri, position, abilities(), (one) => reachOf(one, world));
      },
      token,
    ),
  );
  connection.onCompletion(({ textDocument: { uri }, position }, token) =>
    safely(
      log,
      asked('completion', uri),
      [],
      async () => {
        const file = documents.file(uri);
        if (!file) return [];
        const rules = viewPragmaCompletions(file, uri, position);
        return rules.length > 0
          ? rules
          : viewProjectCompletions(file, position, (await engine()).catalog, abilities().say);
      },
      token,
    ),
  );
  connection.onCodeAction(({ textDocument: { uri }, range, context }, token) =>
    safely(
      log,
      asked('codeAction', uri),
      [],
      async () => {
        const { codeActions } = await settings.of(uri);
        const view = codeActions.enabled ? await analyses.viewOf(uri) : undefined;
        if (!view) return [];
        const request = { uri, range, context, suppress: codeActions.suppress, versionOf: documents.versionOf };
        return viewCodeActions(view, request, abilities());
      },
      token,
    ),
  );
  connection.languages.diagnostics.on(({ textDocument: { uri }, previousResultId }, token) =>
    safely<DocumentDiagnosticReport>(
      log,
      asked('diagnostic', uri),
      { kind: 'full', items: [] },
      async () => {
        const { diagnostics, core } = await settings.of(uri);
        const view = diagnostics.enabled ? await analyses.viewOf(uri) : undefined;
        const items = view ? viewDiagnostics(view, uri, abilities(), core.today) : [];
        const resultId = resultIdOf(items);
        if (resultId === previousResultId) return { kind: 'unchanged', resultId };
        return { kind: 'full', items, resultId };
      },
      token,
    ),
  );
  connection.onRequest(reportRequest, ({ uri }: ReportParams, token) =>
    safely(
      log,
      asked('report', uri),
      null,
      async () => {
        const view = await analyses.viewOf(uri);
        return view ? viewReport(view, abilities().say) : null;
      },
      token,
    ),
  );
}

/** One line in words, for language models. */
function answerExplain(connection: Connection, { analyses, log }: Context): void {
  connection.onRequest(explainRequest, ({ uri, line }: ExplainParams, token) =>
    safely<ExplainResult | null>(
      log,
      { name: 'explain', uri },
      null,
      async () => {
        const view = await analyses.viewOf(uri);
        return view ? viewExplained(view, line) : null;
      },
      token,
    ),
  );
}

/** The report with its plots, for the panel. */
function answerPage(connection: Connection, { analyses, settings, engine, abilities, log }: Context): void {
  connection.onRequest(pageRequest, ({ uri }: ReportParams, token) =>
    safely<PageResult | null>(
      log,
      { name: 'page', uri },
      null,
      async () => {
        const view = await analyses.viewOf(uri);
        if (!view) return null;
        return viewPage(view, { ...(await engine()), settings: (await settings.of(uri)).core }, abilities().say);
      },
      token,
    ),
  );
}

/** The search runs in small steps: hints and hovers of a document that is typed in go first. */
function answerSearch(connection: Connection, context: Context, host: ServerHost): void {
  const { analyses, settings, documents, engine, abilities, log } = context;
  const partial = new ProgressType<OptimizeResult>();
  connection.onRequest(optimizeRequest, ({ uri, limits, progress, job, plots = false }: OptimizeParams, token) =>
    safely(
      log,
      { name: 'optimize', uri },
      null,
      async () => {
        const view = await analyses.viewOf(uri);
        if (!view) return null;
        const found = await optimizeView(
          {
            view,
            limits,
            plots,
            ...(job === undefined ? {} : { job }),
            ...(await engine()),
            settings: (await settings.of(uri)).core,
            abilities: abilities(),
            versionOf: documents.versionOf,
            isCancelled: () => token.isCancellationRequested,
            breathe: () => new Promise((done) => host.after(0, done)),
            tell: (result) => {
              if (progress !== undefined) void connection.sendProgress(partial, progress, result);
            },
          },
          () => host.now(),
        );
        return found ?? null;
      },
      token,
    ),
  );
}

function capabilitiesOf(abilities: Abilities): ServerCapabilities {
  return {
    textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
    notebookDocumentSync: {
      notebookSelector: [{ notebook: 'jupyter-notebook', cells: [{ language: 'python' }] }],
    },
    inlayHintProvider: true,
    hoverProvider: true,
    ...(abilities.registerCompletion ? {} : { completionProvider: {} }),
    codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, rewriteKind, fixAllKind] },
    ...(abilities.pullDiagnostics
      ? { diagnosticProvider: { identifier: 'flopwise', interFileDependencies: true, workspaceDiagnostics: false } }
      : {}),
    workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
  };
}

async function register(connection: Connection, abilities: Abilities): Promise<void> {
  const registrations: Promise<Disposable>[] = [];
  if (abilities.configuration) {
    registrations.push(connection.client.register(DidChangeConfigurationNotification.type, { section: 'flopwise' }));
  }
  if (abilities.watchFiles) {
    const watchers = [{ globPattern: watched }];
    registrations.push(connection.client.register(DidChangeWatchedFilesNotification.type, { watchers }));
  }
  if (abilities.registerCompletion) {
    // Every document pays for the bracket of `ignore[`, which is answered by a look at the line; more are for the project file alone.
    for (const [documentSelector, triggerCharacters] of [
      [[{ pattern: `**/{${projectFileNames.join(',')}}` }], [' ', ':']],
      [commentedLanguages.map((language) => ({ language })), ['[']],
    ] as const) {
      const options = { documentSelector: [...documentSelector], triggerCharacters: [...triggerCharacters] };
      registrations.push(connection.client.register(CompletionRequest.type, options));
    }
  }
  await Promise.all(registrations);
}

function foldersOf({ workspaceFolders, rootUri }: InitializeParams): readonly string[] {
  if (workspaceFolders) return workspaceFolders.map(({ uri }) => uri);
  return rootUri ? [rootUri] : [];
}
