import * as vscode from 'vscode';
import type { BaseLanguageClient, WorkspaceEdit } from 'vscode-languageclient';
import {
  type ExplainResult,
  explainRequest,
  type OptimizeItem,
  type OptimizeParams,
  type OptimizeResult,
  optimizeRequest,
  type ReportResult,
  reportRequest,
} from '../../../server/src/protocol.ts';

interface FileInput {
  readonly filePath: string;
}

interface LineInput extends FileInput {
  /** Counted from 1. */
  readonly line: number;
}

interface SearchInput extends FileInput {
  readonly deadlineHours?: number;
  readonly budget?: number;
  readonly keepNumerics?: boolean;
  readonly ownMachines?: boolean;
}

/** The tools of the manifest, for language models in the editor; none where the editor offers models no tools. They read and answer. */
export function registerTools(client: BaseLanguageClient): vscode.Disposable {
  // Some editors built on VS Code leave the whole of it out.
  const lm: Partial<typeof vscode.lm> | undefined = vscode.lm;
  if (typeof lm?.registerTool !== 'function') return vscode.Disposable.from();
  return vscode.Disposable.from(
    lm.registerTool<FileInput>('flopwise_estimate', {
      prepareInvocation: ({ input }) => ({ invocationMessage: vscode.l10n.t('Estimating {0}', input.filePath) }),
      async invoke({ input }, token) {
        const uri = await opened(input.filePath);
        const report = await client.sendRequest<ReportResult | null>(reportRequest, { uri }, token);
        return answer(report?.markdown ?? noDocument(input.filePath));
      },
    }),
    lm.registerTool<LineInput>('flopwise_explain', {
      prepareInvocation: ({ input }) => ({
        invocationMessage: vscode.l10n.t('Explaining line {0} of {1}', input.line, input.filePath),
      }),
      async invoke({ input }, token) {
        const params = { uri: await opened(input.filePath), line: input.line };
        const explained = await client.sendRequest<ExplainResult | null>(explainRequest, params, token);
        return answer(explained?.words ?? noDocument(input.filePath));
      },
    }),
    lm.registerTool<SearchInput>('flopwise_optimize', {
      prepareInvocation: ({ input }) => ({
        invocationMessage: vscode.l10n.t('Looking for cheaper configurations of {0}', input.filePath),
      }),
      async invoke({ input: { filePath, ...limits } }, token) {
        const params: OptimizeParams = { uri: await opened(filePath), limits };
        const found = await client.sendRequest<OptimizeResult | null>(optimizeRequest, params, token);
        return answer(found ? toWords(found) : noDocument(filePath));
      },
    }),
  );
}

function answer(words: string): vscode.LanguageModelToolResult {
  return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(words)]);
}

function noDocument(path: string): string {
  return `${path}: no training or serving job is stated here.`;
}

/** A file of the workspace, opened for the server as its unsaved text stands. What is neither there nor inside is refused in words for the model. */
async function opened(path: string): Promise<string> {
  const target = await inWorkspace(path);
  if (!target) throw new Error(`${path}: no such file in the workspace`);
  if (!target.path.endsWith('.ipynb')) return (await vscode.workspace.openTextDocument(target)).uri.toString();
  return (await vscode.workspace.openNotebookDocument(target)).uri.toString();
}

/** Models name files by absolute paths, by URIs, and relative to a folder of the workspace. */
async function inWorkspace(path: string): Promise<vscode.Uri | undefined> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const whole = /^[a-z][a-z0-9+.-]+:\/\//i.test(path) ? [vscode.Uri.parse(path, true)] : [];
  const isAbsolute = /^([a-z]:[\\/]|[\\/])/i.test(path);
  const below = folders.map(({ uri }) =>
    isAbsolute
      ? vscode.Uri.file(path).with({ scheme: uri.scheme, authority: uri.authority })
      : vscode.Uri.joinPath(uri, path),
  );
  for (const one of whole.length > 0 ? whole : below) {
    const isOpen = vscode.workspace.textDocuments.some(({ uri }) => uri.toString() === one.toString());
    if (isOpen || (vscode.workspace.getWorkspaceFolder(one) && (await isFile(one)))) return one;
  }
  return undefined;
}

async function isFile(uri: vscode.Uri): Promise<boolean> {
  try {
    return ((await vscode.workspace.fs.stat(uri)).type & vscode.FileType.File) !== 0;
  } catch (fault) {
    if (fault instanceof vscode.FileSystemError) return false;
    throw fault;
  }
}

/** What a search found, one way to run a paragraph, with the lines that it would change. */
function toWords({ title, now, items, examined, reason }: OptimizeResult): string {
  const head = `${title} now: ${now}`;
  if (reason !== undefined) return `${head}\nNot searched: ${reason}`;
  const others = items.filter((item) => !item.now);
  const rows = others.map((item) => [`- ${item.label}; ${item.description}`, `  ${item.detail}`, ...toEdits(item)]);
  const none = others.length === 0 ? ['Nothing within the limits is both cheaper and faster.'] : [];
  return [head, `${examined} configurations looked at.`, ...none, ...rows.flat()].join('\n');
}

function toEdits({ edit, refused }: OptimizeItem): readonly string[] {
  if (refused !== undefined) return [`  by hand: ${refused}`];
  const { documentChanges = [], changes = {} } = (edit ?? {}) as WorkspaceEdit;
  const listed = documentChanges.flatMap((one) =>
    'textDocument' in one ? [{ uri: one.textDocument.uri, edits: one.edits }] : [],
  );
  const all = [...listed, ...Object.entries(changes).map(([uri, edits]) => ({ uri, edits }))];
  return all.flatMap(({ uri, edits }) =>
    edits.flatMap((one) =>
      'newText' in one
        ? [
            `  edit ${vscode.workspace.asRelativePath(vscode.Uri.parse(uri))}:${one.range.start.line + 1}: ${one.newText.trim()}`,
          ]
        : [],
    ),
  );
}
