import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import {
  type CodeAction,
  createProtocolConnection,
  type Diagnostic,
  type DocumentDiagnosticReport,
  type Hover,
  type InitializeParams,
  type InitializeResult,
  type InlayHint,
  type Position,
  type ProtocolConnection,
  type Range,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { everywhere } from './sample.ts';

/** A started server and what its client needs to say. */
export interface Session {
  readonly connection: ProtocolConnection;
  readonly initialized: InitializeResult;
  readonly log: readonly string[];
  open(uri: string, languageId: string, text: string): Promise<OpenDocument>;
  /** Ends the server by the protocol and answers its exit code. */
  end(): Promise<number | null>;
}

/** The client's side of one open document: its text, kept in step with the server's. */
export interface OpenDocument {
  readonly uri: string;
  text(): string;
  version(): number;
  /** Replaces the first place where some words stand. */
  replace(from: string, to: string): Promise<void>;
  /** Applies an action's edits of this document, as an editor does, version checked. */
  apply(action: CodeAction): Promise<void>;
  hints(range?: Range): Promise<InlayHint[]>;
  /** Hints as "line: text". */
  labels(): Promise<string[]>;
  hover(position: Position): Promise<Hover | null>;
  pull(previousResultId?: string): Promise<DocumentDiagnosticReport>;
  diagnostics(): Promise<readonly Diagnostic[]>;
  actions(range: Range, only?: string[]): Promise<CodeAction[]>;
  at(words: string): Position;
}

/** Starts a server program and initializes it. */
export async function startSession(
  words: readonly string[],
  params: Partial<InitializeParams> = {},
  env: Readonly<Record<string, string>> = {},
): Promise<Session> {
  const child = spawn(process.execPath, words, {
    stdio: ['pipe', 'pipe', 'inherit'],
    // What one test compiled is nothing for the next to find.
    env: { ...process.env, NODE_DISABLE_COMPILE_CACHE: '1', ...env },
  });
  const connection = connect(child);
  const log: string[] = [];
  connection.onNotification('window/logMessage', ({ message }: { message: string }) => void log.push(message));
  connection.onNotification('window/showMessage', ({ message }: { message: string }) => void log.push(message));
  connection.listen();
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const initialized = await connection.sendRequest<InitializeResult>('initialize', {
    processId: process.pid,
    rootUri: null,
    capabilities: {},
    ...params,
  });
  await connection.sendNotification('initialized', {});
  return {
    connection,
    initialized,
    log,
    open: (uri, languageId, text) => openDocument(connection, uri, languageId, text),
    async end() {
      await connection.sendRequest('shutdown');
      await connection.sendNotification('exit');
      const code = await exited;
      connection.dispose();
      return code;
    },
  };
}

function connect({ stdin, stdout }: ChildProcess): ProtocolConnection {
  if (!stdin || !stdout) throw new Error('the server has no streams');
  return createProtocolConnection(new StreamMessageReader(stdout), new StreamMessageWriter(stdin));
}

/** The text of a file of the project. */
export function projectFile(path: string): { readonly uri: string; readonly text: string } {
  const url = new URL(`../../${path}`, import.meta.url);
  return { uri: url.href, text: readFileSync(url, 'utf8') };
}

async function openDocument(
  connection: ProtocolConnection,
  uri: string,
  languageId: string,
  text: string,
): Promise<OpenDocument> {
  let document = TextDocument.create(uri, languageId, 1, text);
  const textDocument = { uri };
  const send = async (range: Range, words: string) => {
    const changes = [{ range, text: words }];
    document = TextDocument.update(document, changes, document.version + 1);
    await connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version: document.version },
      contentChanges: changes,
    });
  };
  await connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId, version: 1, text } });
  const opened: OpenDocument = {
    uri,
    text: () => document.getText(),
    version: () => document.version,
    at(words) {
      const start = document.getText().indexOf(words);
      if (start < 0) throw new RangeError(`no "${words}" in ${uri}`);
      return document.positionAt(start);
    },
    async replace(from, to) {
      const start = document.offsetAt(opened.at(from));
      await send({ start: document.positionAt(start), end: document.positionAt(start + from.length) }, to);
    },
    async apply({ edit }) {
      for (const change of edit?.documentChanges ?? []) {
        if (!('edits' in change) || change.textDocument.uri !== uri) throw new Error('an edit of another file');
        if (change.textDocument.version !== document.version) throw new Error('an edit of another version');
        const edits = change.edits.flatMap((one) => ('newText' in one ? [one] : []));
        for (const one of edits.toSorted(
          (a, b) => document.offsetAt(b.range.start) - document.offsetAt(a.range.start),
        )) {
          await send(one.range, one.newText);
        }
      }
    },
    hints: (range = everywhere) => connection.sendRequest('textDocument/inlayHint', { textDocument, range }),
    async labels() {
      const words = ({ label }: InlayHint) =>
        typeof label === 'string' ? label : label.map(({ value }) => value).join('');
      return (await opened.hints()).map((hint) => `${hint.position.line + 1}: ${words(hint)}`);
    },
    hover: (position) => connection.sendRequest('textDocument/hover', { textDocument, position }),
    pull: (previousResultId) =>
      connection.sendRequest('textDocument/diagnostic', {
        textDocument,
        ...(previousResultId ? { previousResultId } : {}),
      }),
    async diagnostics() {
      const report = await opened.pull();
      return report.kind === 'full' ? report.items : [];
    },
    actions: (range, only) =>
      connection.sendRequest('textDocument/codeAction', {
        textDocument,
        range,
        context: { diagnostics: [], triggerKind: 1, ...(only ? { only } : {}) },
      }),
  };
  return opened;
}
