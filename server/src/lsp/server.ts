import { type Connection, ProgressType } from 'vscode-languageserver';
import { withModels } from '#core/catalog/more-models.ts';
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
} from '../protocol.ts';
import { readAbilities } from './abilities.ts';
import { keepAnalyses } from './analyses.ts';
import { answerAsks } from './ask-requests.ts';
import { capabilitiesOf, foldersOf, register } from './capabilities.ts';
import { withClientFiles } from './client-files.ts';
import type { Context } from './context.ts';
import { listenToDocuments } from './documents.ts';
import { viewExplained } from './features/explain.ts';
import { optimizeView } from './features/optimize.ts';
import { viewPage } from './features/page.ts';
import { answerRefresh } from './features/refresh-prices.ts';
import { keepPublished } from './publish.ts';
import { type FaultLog, safely } from './safely.ts';
import type { ServerHost } from './server-host.ts';
import { keepSettings } from './settings-cache.ts';
import { spokenAnalyses } from './spoken.ts';
import { answerSurfaces } from './surfaces.ts';
import { insideWorkspace } from './workspace.ts';
import { answerWorkspace } from './workspace-requests.ts';

/** Changes are told after this pause; requests are answered at once. */
const pause = 200;

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
  answerSurfaces(connection, context);
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

/** One line in words, for language models. */
function answerExplain(connection: Connection, { analyses, abilities, log }: Context): void {
  connection.onRequest(explainRequest, ({ uri, line }: ExplainParams, token) =>
    safely<ExplainResult | null>(
      log,
      { name: 'explain', uri },
      null,
      async () => {
        const view = await analyses.viewOf(uri);
        return view ? viewExplained(view, line, abilities().say) : null;
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
