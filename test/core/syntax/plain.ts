import { lineAt } from '#core/source/lines.ts';
import type { LanguageId, SourceFile } from '#core/source/source-file.ts';
import type { DataDocument, DataNode } from '#core/syntax/data.ts';

/** A data node as the plain value that a loader would give; a repeated key becomes a list of its values. */
export function plain(node: DataNode | undefined): unknown {
  if (!node) return undefined;
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(plain);
  const result: Record<string, unknown> = {};
  for (const { key, value } of node.entries) {
    result[key] = key in result ? [result[key], plain(value)].flat() : plain(value);
  }
  return result;
}

/** What one document says and complains about: value, and 1-based lines of its problems. */
export function summary(file: SourceFile, documents: readonly DataDocument[]): unknown {
  return documents.map(({ root, problems }) => ({
    value: plain(root),
    broken: problems.map(({ span }) => (span ? lineAt(file, span.start) + 1 : 0)),
  }));
}

/** A document in memory. */
export function sourceOf(languageId: LanguageId, text: string): SourceFile {
  return { uri: 'file:///case', languageId, version: 1, text };
}
