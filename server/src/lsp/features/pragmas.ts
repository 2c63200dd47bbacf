import {
  type CompletionItem,
  CompletionItemKind,
  type Diagnostic,
  DiagnosticSeverity,
  type Hover,
  type Position,
} from 'vscode-languageserver';
import { checkPragmas, completePragma, readPragmas } from '#core/pragma.ts';
import { type Say, sayPlain } from '#core/report/words.ts';
import type { SourceFile } from '#core/source/source-file.ts';
import { productName } from '../../protocol.ts';
import { escapeMarkdown } from '../markdown.ts';
import { toOffset, toRange, uriAt } from '../to-lsp.ts';

/** Languages that have comments. */
const commented = new Set<SourceFile['languageId']>(['python', 'notebook', 'yaml', 'toml', 'bash', 'hcl', 'pbtxt']);

/** Rules that a comment at the position could name; none outside such comments. */
export function viewPragmaCompletions(
  file: SourceFile,
  uri: string,
  position: Position,
  say: Say = sayPlain,
): CompletionItem[] {
  const offset = commented.has(file.languageId) ? toOffset(file, uri, position) : undefined;
  const found = offset === undefined ? undefined : completePragma(file.text, offset);
  if (!found) return [];
  const range = toRange(file, { uri: file.uri, start: found.start, end: found.end });
  return found.rules.map(({ id, meta }) => ({
    label: id,
    kind: CompletionItemKind.EnumMember,
    detail: say(meta.title),
    documentation: { kind: 'markdown', value: escapeMarkdown(say(meta.why)) },
    textEdit: { range, newText: id },
  }));
}

/** What the rule under the pointer is about, and where its page is; null outside such comments. */
export function viewPragmaHover(
  file: SourceFile,
  uri: string,
  position: Position,
  rulePages: string | undefined,
  say: Say = sayPlain,
): Hover | null {
  const offset = commented.has(file.languageId) ? toOffset(file, uri, position) : undefined;
  if (offset === undefined) return null;
  const found = readPragmas(file)
    .flatMap((pragma) => pragma.rules)
    .find(({ span }) => span.start <= offset && offset <= span.end);
  if (!found?.meta) return null;
  const { title, why } = found.meta;
  const lines = [`**${escapeMarkdown(say(title))}**`, escapeMarkdown(say(why))];
  if (rulePages) lines.push(`[${found.id}](${rulePages}${found.id}.md)`);
  return { contents: { kind: 'markdown', value: lines.join('\n\n') }, range: toRange(file, found.span) };
}

/** Comments of a document, or of the cell called `uri`, that silence nothing. */
export function viewPragmaProblems(
  file: SourceFile,
  uri: string,
  today: string | undefined,
  say: Say = sayPlain,
): Diagnostic[] {
  if (!commented.has(file.languageId)) return [];
  return checkPragmas(file, today).flatMap(({ code, message, span }) =>
    span && uriAt(file, span.start) === uri
      ? [
          {
            range: toRange(file, span),
            severity: DiagnosticSeverity.Warning,
            source: productName,
            code,
            message: say(message),
          },
        ]
      : [],
  );
}
