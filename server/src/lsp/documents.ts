import { type Connection, NotebookCellKind, NotebookDocuments, TextDocuments } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { type CellText, joinCells } from '#core/source/notebook.ts';
import type { SourceFile } from '#core/source/source-file.ts';
import { languageOfDocument } from './languages.ts';

/** What the editor has open, as documents of the core: one value a version, a notebook as one program. */
export interface Documents {
  /** The document, or the notebook that the cell belongs to. */
  file(uri: string): SourceFile | undefined;
  /** Every open document that some reader may ask for. */
  all(): readonly SourceFile[];
  /** The editor's version of a document or cell, for edits; null where it is not open. */
  versionOf(uri: string): number | null;
  /** `uri` is a document or a notebook, never a cell. */
  onChange(listener: (uri: string) => void): void;
  onClose(listener: (uri: string) => void): void;
}

/** Listens to the connection's document traffic. */
export function listenToDocuments(connection: Connection): Documents {
  const texts = new TextDocuments(TextDocument);
  const cellTexts = new TextDocuments(TextDocument);
  const notebooks = new NotebookDocuments(cellTexts);
  const files = new Map<string, { readonly mark: string; readonly file: SourceFile }>();
  const openNotebooks = new Set<string>();
  let notebookVersion = 0;

  const remember = (uri: string, mark: string, make: () => SourceFile): SourceFile => {
    const known = files.get(uri);
    if (known?.mark === mark) return known.file;
    const file = make();
    files.set(uri, { mark, file });
    return file;
  };
  const textFile = (document: TextDocument): SourceFile | undefined => {
    const languageId = languageOfDocument(document.languageId, document.uri, '');
    if (!languageId) return undefined;
    const { uri, version } = document;
    const mark = `${languageId} ${version}`;
    return remember(uri, mark, () => ({ uri, languageId, version, text: document.getText() }));
  };
  const notebookFile = (uri: string): SourceFile | undefined => {
    const notebook = notebooks.getNotebookDocument(uri);
    if (!notebook) return undefined;
    const cells: CellText[] = [];
    let mark = '';
    notebook.cells.forEach((cell, index) => {
      const document = cellTexts.get(cell.document);
      if (cell.kind !== NotebookCellKind.Code || document?.languageId !== 'python') return;
      mark += `${document.uri} ${index} ${document.version}\n`;
      cells.push({ uri: document.uri, index, text: document.getText() });
    });
    return remember(uri, mark, () => joinCells(uri, ++notebookVersion, cells));
  };
  const changed: ((uri: string) => void)[] = [];
  const closed: ((uri: string) => void)[] = [];
  const tell = (listeners: readonly ((uri: string) => void)[], uri: string) => {
    for (const listener of listeners) listener(uri);
  };
  const close = (uri: string) => {
    files.delete(uri);
    tell(closed, uri);
  };

  texts.onDidChangeContent(({ document }) => tell(changed, document.uri));
  texts.onDidClose(({ document }) => close(document.uri));
  notebooks.onDidOpen((notebook) => {
    openNotebooks.add(notebook.uri);
    tell(changed, notebook.uri);
  });
  notebooks.onDidChange(({ notebookDocument }) => tell(changed, notebookDocument.uri));
  notebooks.onDidClose((notebook) => {
    openNotebooks.delete(notebook.uri);
    close(notebook.uri);
  });
  texts.listen(connection);
  notebooks.listen(connection);

  return {
    file: (uri) => {
      const document = texts.get(uri);
      if (document) return textFile(document);
      return notebookFile(notebooks.findNotebookDocumentForCell(uri)?.uri ?? uri);
    },
    all: () => {
      const found = texts.all().map(textFile);
      for (const uri of openNotebooks) found.push(notebookFile(uri));
      return found.filter((file) => file !== undefined);
    },
    versionOf: (uri) => texts.get(uri)?.version ?? cellTexts.get(uri)?.version ?? null,
    onChange: (listener) => void changed.push(listener),
    onClose: (listener) => void closed.push(listener),
  };
}
