import {
  type CodeAction,
  type CodeActionContext,
  CodeActionKind,
  CodeActionTriggerKind,
  type Range,
} from 'vscode-languageserver';
import { sayPlain } from '#core/report/words.ts';
import type { Finding, Fix } from '#core/rules/rule.ts';
import type { TextEdit } from '#core/source/span.ts';
import { fillInCommand, optimizeCommand } from '../../protocol.ts';
import type { Abilities } from '../abilities.ts';
import { toRange, uriAt } from '../to-lsp.ts';
import { findingsIn, type View } from '../view.ts';
import { toWorkspaceEdit } from '../workspace-edit.ts';
import { distinctAsks } from './asks.ts';
import { toDiagnostic } from './diagnostics.ts';
import { suppression } from './suppress.ts';

/** What-ifs: edits that no finding asks for. */
export const rewriteKind = 'refactor.rewrite.flopwise';
/** Every edit of the file that cannot change the training result. */
export const fixAllKind = 'source.fixAll.flopwise';

/** What an action needs to know of the client. */
export type ActionAbilities = Pick<
  Abilities,
  'documentChanges' | 'annotations' | 'disabledActions' | 'rulePages' | 'commands'
> &
  Partial<Pick<Abilities, 'say'>>;

/** What was asked for, and what the user lets us offer. */
export interface ActionRequest {
  readonly uri: string;
  readonly range: Range;
  readonly context: Pick<CodeActionContext, 'only' | 'triggerKind'>;
  readonly suppress: boolean;
  versionOf(uri: string): number | null;
}

/** What an action that comes without its edit remembers of the request, to be asked again. */
interface AskedAction {
  readonly uri: string;
  readonly range: Range;
  readonly context: ActionRequest['context'];
}

/** The actions with their edits left for later, for a client that asks for the one that was chosen. */
export function withoutEdits(actions: readonly CodeAction[], { uri, range, context }: ActionRequest): CodeAction[] {
  const { only, triggerKind } = context;
  const kept = { ...(only ? { only } : {}), ...(triggerKind === undefined ? {} : { triggerKind }) };
  const data: AskedAction = { uri, range, context: kept };
  return actions.map(({ edit, ...rest }) => (edit ? { ...rest, data } : rest));
}

/** What an action without its edit was asked for with; undefined for any other. */
export function askedBy({ data }: CodeAction): AskedAction | undefined {
  const given: unknown = data;
  return typeof given === 'object' && given !== null && 'uri' in given ? (given as AskedAction) : undefined;
}

/** The action with the edit that it has in the text as it is now; as it came where nothing offers it any more. */
export function resolveCodeAction(
  view: View,
  action: CodeAction,
  request: ActionRequest,
  abilities: ActionAbilities,
): CodeAction {
  const found = viewCodeActions(view, request, abilities).find(
    ({ title, kind, edit }) => title === action.title && kind === action.kind && edit,
  );
  return found?.edit ? { ...action, edit: found.edit } : action;
}

/** Fixes for the findings at a place, then what-ifs, then the whole file's safe fixes, then silence. */
export function viewCodeActions(view: View, request: ActionRequest, abilities: ActionAbilities): CodeAction[] {
  const say = abilities.say ?? sayPlain;
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
  if (abilities.commands && wanted(rewriteKind) && statesJob(view, request)) {
    const title = say('Find a cheaper configuration...');
    actions.push({ title, kind: rewriteKind, command: { title, command: optimizeCommand, arguments: [request.uri] } });
  }
  if (abilities.commands && wanted(CodeActionKind.QuickFix) && statesJob(view, request)) {
    for (const { path, what } of distinctAsks(view.workloads)) {
      const title = say('State {0} in flopwise.yaml...', say(what));
      const command = { title, command: fillInCommand, arguments: [request.uri, path.join('.')] };
      actions.push({ title, kind: CodeActionKind.QuickFix, command });
    }
  }
  if (wanted(fixAllKind) && request.context.only) actions.push(...fixAll(view, request, abilities));
  if (request.suppress && wanted(CodeActionKind.QuickFix)) {
    for (const finding of here) {
      const edit = suppression(view.file, finding);
      if (!edit || finding.severity === 'hint') continue;
      actions.push({
        title: say('Silence {0} here, with a reason...', finding.ruleId),
        kind: CodeActionKind.QuickFix,
        diagnostics: [toDiagnostic(view, finding, abilities)],
        ...toWorkspaceEdit(view, request, [edit], abilities),
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
  abilities: ActionAbilities,
): CodeAction[] {
  const edit = toWorkspaceEdit(view, request, fix.edits, abilities);
  if (!edit) return [];
  const diagnostics = kind === CodeActionKind.QuickFix ? { diagnostics: [toDiagnostic(view, finding, abilities)] } : {};
  return [{ title: fix.title, kind, ...diagnostics, ...(isPreferred ? { isPreferred } : {}), ...edit }];
}

function fixAll(view: View, request: ActionRequest, abilities: ActionAbilities): CodeAction[] {
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
  const edit = toWorkspaceEdit(view, request, taken, abilities);
  return edit
    ? [
        {
          title: (abilities.say ?? sayPlain)('Apply every saving that leaves the result alone'),
          kind: fixAllKind,
          ...edit,
        },
      ]
    : [];
}

/** True where the lines asked about carry a figure of a job: a search from anywhere else would be noise in every menu. */
function statesJob(view: View, { uri, range }: ActionRequest): boolean {
  return view.workloads
    .flatMap(({ report, workload }) => [...report.hints.map(({ at }) => at), ...workload.anchors])
    .some((span) => {
      if (span.uri !== view.file.uri || uriAt(view.file, span.start) !== uri) return false;
      const { start } = toRange(view.file, span);
      return start.line >= range.start.line && start.line <= range.end.line;
    });
}

function touches(a: Range, b: Range): boolean {
  const before = (x: Range['start'], y: Range['start']) =>
    x.line < y.line || (x.line === y.line && x.character < y.character);
  return !before(a.end, b.start) && !before(b.end, a.start);
}
