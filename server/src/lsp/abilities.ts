import type { InitializeParams } from 'vscode-languageserver';
import { type Bundle, type Say, sayIn } from '#core/report/words.ts';
import type { ClientAbilities } from '../protocol.ts';

/** What the connected client can show and do, read once from `initialize`. */
export interface Abilities {
  readonly commands: boolean;
  readonly files: boolean;
  readonly status: boolean;
  readonly rulePages: string | undefined;
  readonly settings: unknown;
  /** Says texts in the editor's language. */
  readonly say: Say;
  readonly configuration: boolean;
  readonly folders: boolean;
  readonly watchFiles: boolean;
  readonly pullDiagnostics: boolean;
  readonly refreshDiagnostics: boolean;
  readonly refreshHints: boolean;
  readonly documentChanges: boolean;
  readonly annotations: boolean;
  /** An edit may make a file. */
  readonly createsFiles: boolean;
  readonly disabledActions: boolean;
  /** An action may come without its edit, which is asked for when it is chosen. */
  readonly resolvesActions: boolean;
  /** What of a hint is asked for when somebody points at it. */
  readonly resolvesHints: ReadonlySet<string>;
  readonly markdown: boolean;
  readonly registerCompletion: boolean;
}

/** Reads a client's abilities; what it does not name it cannot do. */
export function readAbilities({ capabilities, initializationOptions, locale }: InitializeParams): Abilities {
  const own: ClientAbilities = isObject(initializationOptions) ? initializationOptions : {};
  const { workspace, textDocument } = capabilities;
  return {
    commands: own.commands === true,
    files: own.files === true,
    status: own.status === true,
    rulePages: typeof own.rulePages === 'string' ? own.rulePages : undefined,
    settings: own.settings,
    say: sayIn(bundleOf(own.words), locale),
    configuration: workspace?.configuration === true,
    folders: workspace?.workspaceFolders === true,
    watchFiles: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    pullDiagnostics: textDocument?.diagnostic !== undefined,
    refreshDiagnostics: workspace?.diagnostics?.refreshSupport === true,
    refreshHints: workspace?.inlayHint?.refreshSupport === true,
    documentChanges: workspace?.workspaceEdit?.documentChanges === true,
    annotations: workspace?.workspaceEdit?.changeAnnotationSupport !== undefined,
    createsFiles: workspace?.workspaceEdit?.resourceOperations?.includes('create') === true,
    disabledActions: textDocument?.codeAction?.disabledSupport === true,
    resolvesActions:
      textDocument?.codeAction?.dataSupport === true &&
      textDocument.codeAction.resolveSupport?.properties.includes('edit') === true,
    resolvesHints: new Set(textDocument?.inlayHint?.resolveSupport?.properties),
    registerCompletion: textDocument?.completion?.dynamicRegistration === true,
    markdown: textDocument?.hover?.contentFormat?.includes('markdown') !== false,
  };
}

/** Texts alone: a bundle may hold entries with comments, which are objects. */
function bundleOf(given: unknown): Bundle {
  if (!isObject(given)) return {};
  return Object.fromEntries(Object.entries(given).filter(([, text]) => typeof text === 'string'));
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
