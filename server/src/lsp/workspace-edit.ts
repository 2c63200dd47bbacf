import type { TextDocumentEdit, WorkspaceEdit } from 'vscode-languageserver';
import type { TextEdit } from '#core/source/span.ts';
import type { Abilities } from './abilities.ts';
import { toLocation } from './to-lsp.ts';
import type { View } from './view.ts';

/** The edits as the protocol has them, against the open buffers; undefined where there is nothing to edit or a file is not known. */
export function toWorkspaceEdit(
  view: Pick<View, 'file' | 'files'>,
  { versionOf }: { versionOf(uri: string): number | null },
  edits: readonly TextEdit[],
  abilities: Pick<Abilities, 'documentChanges' | 'annotations'>,
): { readonly edit: WorkspaceEdit } | undefined {
  const byUri = new Map<string, TextDocumentEdit>();
  const elsewhere = abilities.annotations && edits.some(({ span }) => span.uri !== view.file.uri);
  for (const { span, text } of edits) {
    const location = toLocation(view.files, span);
    if (!location) return undefined;
    const { uri, range } = location;
    const one = byUri.get(uri) ?? { textDocument: { uri, version: versionOf(uri) }, edits: [] };
    one.edits.push({ range, newText: text, ...(elsewhere ? { annotationId: 'files' } : {}) });
    byUri.set(uri, one);
  }
  if (byUri.size === 0) return undefined;
  const documents = [...byUri.values()];
  if (!abilities.documentChanges) {
    const changes = documents.map(({ textDocument, edits: list }) => [textDocument.uri, list] as const);
    return { edit: { changes: Object.fromEntries(changes) as NonNullable<WorkspaceEdit['changes']> } };
  }
  const changeAnnotations = { files: { label: 'Other files of the job', needsConfirmation: true } };
  return { edit: { documentChanges: documents, ...(elsewhere ? { changeAnnotations } : {}) } };
}
