import {
  type CompletionItem,
  CompletionItemKind,
  type Diagnostic,
  DiagnosticSeverity,
  type Hover,
  type Position,
} from 'vscode-languageserver';
import type { Catalog } from '#core/catalog/catalog.ts';
import { completeProject } from '#core/project/complete.ts';
import { explainProject } from '#core/project/explain.ts';
import { isProjectFile } from '#core/project/find.ts';
import { type Say, sayPlain } from '#core/report/words.ts';
import type { SourceFile } from '#core/source/source-file.ts';
import type { Syntax } from '#core/syntax/syntax.ts';
import { productName } from '../../protocol.ts';
import { escapeMarkdown } from '../markdown.ts';
import { toOffset, toRange } from '../to-lsp.ts';
import type { View } from '../view.ts';

/** Keys and values that fit at a position of a project file; none in any other file. */
export function viewProjectCompletions(
  file: SourceFile,
  position: Position,
  catalog: Catalog,
  say: Say = sayPlain,
): CompletionItem[] {
  const offset = isProjectFile(file.uri) ? toOffset(file, file.uri, position) : undefined;
  if (offset === undefined) return [];
  return completeProject(file.text, offset, catalog).map(({ label, insert, start, end, kind, detail, doc }, i) => ({
    label,
    kind: kind === 'key' ? CompletionItemKind.Property : CompletionItemKind.Value,
    documentation: { kind: 'markdown', value: say(doc) },
    sortText: String(i).padStart(4, '0'),
    filterText: file.text.slice(start, start + 1).trim() === '' ? label : insert.trimStart(),
    textEdit: { range: toRange(file, { uri: file.uri, start, end }), newText: insert },
    ...(detail === '' ? {} : { detail: say(detail) }),
  }));
}

/** What the key under the pointer means, and what it comes to; null in any other file. */
export function viewProjectHover(
  file: SourceFile,
  position: Position,
  syntax: Pick<Syntax, 'data'>,
  catalog: Catalog,
  say: Say = sayPlain,
): Hover | null {
  const offset = isProjectFile(file.uri) ? toOffset(file, file.uri, position) : undefined;
  const found = offset === undefined ? undefined : explainProject(syntax.data(file), offset, catalog);
  if (!found) return null;
  const [meaning = '', ...rest] = found.sentences.map((one) => say(one));
  return {
    contents: { kind: 'markdown', value: [meaning, ...rest.map(escapeMarkdown)].join('\n\n') },
    range: toRange(file, found.span),
  };
}

/** What does not hold in a project file, each at its place. What is left out changes no figure, so it is a warning. */
export function viewProjectProblems({ file, problems }: View): Diagnostic[] {
  if (!isProjectFile(file.uri)) return [];
  return problems.flatMap(({ message, span }) =>
    span
      ? [
          {
            range: toRange(file, span),
            severity: DiagnosticSeverity.Warning,
            source: productName,
            code: 'project-file',
            message,
          },
        ]
      : [],
  );
}
