import {
  type CodeAction,
  type CodeActionContext,
  CodeActionKind,
  CodeActionTriggerKind,
  type Range,
  type TextDocumentEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver';
import type { Finding, Fix } from '#core/rules/rule.ts';
import type { TextEdit } from '#core/source/span.ts';
import type { Abilities } from '../abilities.ts';
import { toLocation, toRange, uriAt } from '../to-lsp.ts';
import { findingsIn, type View } from '../view.ts';
import { toDiagnostic } from './diagnostics.ts';
import { suppression } from './suppress.ts';

/** What-ifs: edits that no finding asks for. */
export const rewriteKind = 'refactor.rewrite.flopwise';
/** Every edit of the file that cannot change the training result. */
export const fixAllKind = 'source.fixAll.flopwise';

/** What an action's edits need to know of the client. */
export type EditAbilities = Pick<Abilities, 'documentChanges' | 'annotations' | 'disabledActions' | 'rulePages'>;

/** What was asked for, and what the user lets us offer. */
export interface ActionRequest {
  readonly uri: string;
  readonly range: Range;
  readonly context: Pick<CodeActionContext, 'only' | 'triggerKind'>;
  readonly suppress: boolean;
  versionOf(uri: string): number | null;
}

/** Fixes for the findings at a place, then what-ifs, then the whole file's safe fixes, then silence. */
export function viewCodeActions(view: View, request: ActionRequest, abilities: EditAbilities): CodeAction[] {
  const wanted = (kind: string) =>
    !request.context.only ||
    request.context.only.some((only) => only === '' || kind === only || kind.startsWith(`${only}.`));
  const here = findingsIn(view).filter(({ span }) => {
    const range = toRange(view.file, span);
    return uriAt(view.file, span.start) === request.uri && touches(range, request.range);
  });
  const invoked = request.context.triggerKind === CodeActionTriggerKind.Invoked;
  const actions: CodeAction[] = [];
  for (const finding of here) {
    const kind = finding.severity === 'hint' ? rewriteKind : CodeActionKind.QuickFix;
    if (!wanted(kind)) continue;
    const preferred = finding.fixes.find((fix) => fix.preferred);
    for (const fix of finding.fixes)
      actions.push(...toAction(view, request, finding, fix, kind, fix === preferred, abilities));
    if (!abilities.disabledActions || !invoked || !request.context.only) continue;
    for (const reason of finding.refusals) actions.push({ title: finding.message, kind, disabled: { reason } });
  }
  if (wanted(fixAllKind) && request.context.only) actions.push(...fixAll(view, request, abilities));
  if (request.suppress && wanted(CodeActionKind.QuickFix)) {
    for (const finding of here) {
      const edit = suppression(view.file, finding);
      if (!edit || finding.severity === 'hint') continue;
      actions.push({
        title: `Silence ${finding.ruleId} here, with a reason...`,
        kind: CodeActionKind.QuickFix,
        diagnostics: [toDiagnostic(view, finding, abilities)],
        ...withEdit(view, request, [edit], abilities),
      });
    }
  }
  return actions;
}

function toAction(
  view: View,
  request: ActionRequest,
  finding: Finding,
  fix: Fix,
  kind: string,
  isPreferred: boolean,
  abilities: EditAbilities,
): CodeAction[] {
  const edit = withEdit(view, request, fix.edits, abilities);
  if (!edit) return [];
  const diagnostics = kind === CodeActionKind.QuickFix ? { diagnostics: [toDiagnostic(view, finding, abilities)] } : {};
  return [{ title: fix.title, kind, ...diagnostics, ...(isPreferred ? { isPreferred } : {}), ...edit }];
}

function fixAll(view: View, request: ActionRequest, abilities: EditAbilities): CodeAction[] {
  const taken: TextEdit[] = [];
  for (const { fixes } of findingsIn(view)) {
    const fix = fixes.find((one) => one.safe && one.preferred) ?? fixes.find((one) => one.safe);
    if (!fix || fix.edits.length === 0) continue;
    const own = fix.edits.every(({ span }) => span.uri === view.file.uri);
    const free = fix.edits.every(
      ({ span }) => !taken.some((one) => span.start <= one.span.end && one.span.start <= span.end),
    );
    if (own && free) taken.push(...fix.edits);
  }
  const edit = withEdit(view, request, taken, abilities);
  return edit ? [{ title: 'Apply every saving that leaves the result alone', kind: fixAllKind, ...edit }] : [];
}

/** The edits as the protocol has them, against the open buffers; undefined where there is nothing to edit or a file is not known. */
function withEdit(
  view: View,
  { versionOf }: Pick<ActionRequest, 'versionOf'>,
  edits: readonly TextEdit[],
  abilities: EditAbilities,
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

function touches(a: Range, b: Range): boolean {
  const before = (x: Range['start'], y: Range['start']) =>
    x.line < y.line || (x.line === y.line && x.character < y.character);
  return !before(a.end, b.start) && !before(b.end, a.start);
}
