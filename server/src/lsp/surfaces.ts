import type { Connection, DocumentDiagnosticReport } from 'vscode-languageserver';
import { type ReportParams, reportRequest } from '../protocol.ts';
import type { Context } from './context.ts';
import { askedBy, resolveCodeAction, viewCodeActions, withoutEdits } from './features/code-actions.ts';
import { resultIdOf, viewDiagnostics } from './features/diagnostics.ts';
import { viewHover } from './features/hover.ts';
import { resolveInlayHint, viewInlayHints } from './features/inlay-hints.ts';
import { reachOf } from './features/optimize.ts';
import { viewPragmaCompletions, viewPragmaHover } from './features/pragmas.ts';
import { viewProjectCompletions, viewProjectHover } from './features/project-file.ts';
import { viewReport } from './features/report.ts';
import { safely } from './safely.ts';

/** One handler a surface: the view of the document, shown. */
export function answerSurfaces(
  connection: Connection,
  { analyses, settings, documents, engine, abilities, log }: Context,
): void {
  const asked = (name: string, uri: string) => ({ name, uri, version: documents.file(uri)?.version });

  connection.languages.inlayHint.on(({ textDocument: { uri }, range }, token) =>
    safely(
      log,
      asked('inlayHint', uri),
      [],
      async () => {
        const { hints } = await settings.of(uri);
        const view = hints.enabled ? await analyses.viewOf(uri) : undefined;
        return view ? viewInlayHints(view, uri, range, hints, abilities()) : [];
      },
      token,
    ),
  );
  connection.languages.inlayHint.resolve((hint, token) =>
    safely(
      log,
      asked('inlayHint/resolve', String(hint.data)),
      hint,
      async () => {
        const uri = String(hint.data);
        const view = await analyses.viewOf(uri);
        return view ? resolveInlayHint(view, hint, (await settings.of(uri)).hints, abilities()) : hint;
      },
      token,
    ),
  );
  connection.onHover(({ textDocument: { uri }, position }, token) =>
    safely(
      log,
      asked('hover', uri),
      null,
      async () => {
        const { hover, core } = await settings.of(uri);
        if (!hover.enabled) return null;
        const file = documents.file(uri);
        const { syntax, catalog } = await engine();
        const meaning =
          file &&
          (viewPragmaHover(file, uri, position, abilities().rulePages, abilities().say) ??
            viewProjectHover(file, position, syntax, catalog, abilities().say));
        if (meaning) return meaning;
        const view = await analyses.viewOf(uri);
        if (!view) return null;
        const world = { files: view.files, syntax, catalog, settings: core };
        return viewHover(view, uri, position, abilities(), (one) => reachOf(one, world));
      },
      token,
    ),
  );
  connection.onCompletion(({ textDocument: { uri }, position }, token) =>
    safely(
      log,
      asked('completion', uri),
      [],
      async () => {
        const file = documents.file(uri);
        if (!file) return [];
        const rules = viewPragmaCompletions(file, uri, position, abilities().say);
        return rules.length > 0
          ? rules
          : viewProjectCompletions(file, position, (await engine()).catalog, abilities().say);
      },
      token,
    ),
  );
  connection.onCodeAction(({ textDocument: { uri }, range, context }, token) =>
    safely(
      log,
      asked('codeAction', uri),
      [],
      async () => {
        const { codeActions } = await settings.of(uri);
        const view = codeActions.enabled ? await analyses.viewOf(uri) : undefined;
        if (!view) return [];
        const request = { uri, range, context, suppress: codeActions.suppress, versionOf: documents.versionOf };
        const actions = viewCodeActions(view, request, abilities());
        return abilities().resolvesActions ? withoutEdits(actions, request) : actions;
      },
      token,
    ),
  );
  connection.onCodeActionResolve((action, token) => {
    const before = askedBy(action);
    if (!before) return action;
    return safely(
      log,
      asked('codeAction/resolve', before.uri),
      action,
      async () => {
        const view = await analyses.viewOf(before.uri);
        if (!view) return action;
        const { suppress } = (await settings.of(before.uri)).codeActions;
        return resolveCodeAction(view, action, { ...before, suppress, versionOf: documents.versionOf }, abilities());
      },
      token,
    );
  });
  connection.languages.diagnostics.on(({ textDocument: { uri }, previousResultId }, token) =>
    safely<DocumentDiagnosticReport>(
      log,
      asked('diagnostic', uri),
      { kind: 'full', items: [] },
      async () => {
        const { diagnostics, core } = await settings.of(uri);
        const view = diagnostics.enabled ? await analyses.viewOf(uri) : undefined;
        const items = view ? viewDiagnostics(view, uri, abilities(), core.today) : [];
        const resultId = resultIdOf(items);
        if (resultId === previousResultId) return { kind: 'unchanged', resultId };
        return { kind: 'full', items, resultId };
      },
      token,
    ),
  );
  connection.onRequest(reportRequest, ({ uri }: ReportParams, token) =>
    safely(
      log,
      asked('report', uri),
      null,
      async () => {
        const view = await analyses.viewOf(uri);
        return view ? viewReport(view, abilities().say) : null;
      },
      token,
    ),
  );
}
