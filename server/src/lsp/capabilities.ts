import {
  CodeActionKind,
  CompletionRequest,
  type Connection,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  type Disposable,
  type InitializeParams,
  type ServerCapabilities,
  TextDocumentSyncKind,
} from 'vscode-languageserver';
import { projectFileNames } from '#core/project/project.ts';
import type { Abilities } from './abilities.ts';
import { fixAllKind, rewriteKind } from './features/code-actions.ts';

/** Languages of editors in which a comment may silence a rule. */
const commentedLanguages = ['python', 'yaml', 'dockercompose', 'toml', 'shellscript', 'terraform', 'opentofu', 'hcl'];

const watched = '**/*.{py,yaml,yml,json,toml,sh,bash,sbatch,slurm,tf,hcl,pbtxt}';

/** What the server offers a client of these abilities. */
export function capabilitiesOf(abilities: Abilities): ServerCapabilities {
  return {
    textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
    notebookDocumentSync: {
      notebookSelector: [{ notebook: 'jupyter-notebook', cells: [{ language: 'python' }] }],
    },
    inlayHintProvider: abilities.resolvesHints.size > 0 ? { resolveProvider: true } : true,
    hoverProvider: true,
    ...(abilities.registerCompletion ? {} : { completionProvider: {} }),
    codeActionProvider: {
      codeActionKinds: [CodeActionKind.QuickFix, rewriteKind, fixAllKind],
      ...(abilities.resolvesActions ? { resolveProvider: true } : {}),
    },
    ...(abilities.pullDiagnostics
      ? { diagnosticProvider: { identifier: 'flopwise', interFileDependencies: true, workspaceDiagnostics: false } }
      : {}),
    workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
  };
}

/** Asks the client, where it can, to tell what changes and to ask for completions where they are. */
export async function register(connection: Connection, abilities: Abilities): Promise<void> {
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

/** The folders that the client has open. */
export function foldersOf({ workspaceFolders, rootUri }: InitializeParams): readonly string[] {
  if (workspaceFolders) return workspaceFolders.map(({ uri }) => uri);
  return rootUri ? [rootUri] : [];
}
