import { describe, expect, test } from 'vitest';
import { CodeActionTriggerKind } from 'vscode-languageserver';
import {
  type ActionAbilities,
  type ActionRequest,
  askedBy,
  resolveCodeAction,
  viewCodeActions,
  withoutEdits,
} from '#server/lsp/features/code-actions.ts';
import { finding, job, launcher, script, view } from '../sample.ts';

const able: ActionAbilities = {
  documentChanges: true,
  annotations: true,
  disabledActions: true,
  rulePages: undefined,
  commands: false,
};
const at = { start: { line: 3, character: 32 }, end: { line: 3, character: 32 } };

const requestFor = (range = at, only?: string[]): ActionRequest => ({
  uri: script.uri,
  range,
  context: { triggerKind: CodeActionTriggerKind.Invoked, ...(only ? { only } : {}) },
  suppress: true,
  versionOf: (uri) => (uri === script.uri ? script.version : null),
});
const ask = (only?: string[], range = at, abilities = able, shown = view) =>
  viewCodeActions(shown, requestFor(range, only), abilities);

describe('code actions', () => {
  test('fixes with their saving, one preferred, silence last', () => {
    expect(ask().map(({ title, kind, isPreferred }) => [title, kind, isPreferred])).toEqual([
      ['Recompute activations: fits (61 of 80 GiB), +28 % time', 'quickfix', true],
      ['Ask for 16 GPUs: fits (60 of 80 GiB)', 'quickfix', undefined],
      ['Silence does-not-fit here, with a reason...', 'quickfix', undefined],
    ]);
  });

  test('edit the open buffer by version', () => {
    expect(ask()[0]?.edit).toEqual({
      documentChanges: [
        {
          textDocument: { uri: script.uri, version: 3 },
          edits: [
            {
              range: { start: { line: 3, character: 33 }, end: { line: 3, character: 33 } },
              newText: ', gradient_checkpointing=True',
            },
          ],
        },
      ],
    });
  });

  test('an edit of another file asks for confirmation', () => {
    expect(ask()[1]?.edit).toEqual({
      documentChanges: [
        {
          textDocument: { uri: launcher.uri, version: null },
          edits: [
            {
              range: { start: { line: 1, character: 15 }, end: { line: 1, character: 25 } },
              newText: 'gpu:h100:16',
              annotationId: 'files',
            },
          ],
        },
      ],
      changeAnnotations: { files: { label: 'Other files of the job', needsConfirmation: true } },
    });
  });

  test('an edit may be asked for when its action is chosen', () => {
    const request = requestFor();
    const bare = withoutEdits(ask(), request);
    expect(bare.map(({ edit, data }) => [edit, data])).toEqual(
      ask().map(() => [undefined, { uri: script.uri, range: at, context: request.context }]),
    );
    const resolved = bare.map((one) =>
      resolveCodeAction(view, one, { ...request, ...(askedBy(one) ?? expect.fail('asked by nobody')) }, able),
    );
    expect(resolved.map(({ edit }) => edit)).toEqual(ask().map(({ edit }) => edit));
    const [first] = bare.map((one) => resolveCodeAction({ ...view, workloads: [] }, one, request, able));
    expect(first).toEqual(bare[0]);
  });

  test('a client without versions gets plain changes', () => {
    const [first] = ask(undefined, at, { ...able, documentChanges: false });
    expect(Object.keys(first?.edit?.changes ?? {})).toEqual([script.uri]);
  });

  test('fix-all takes safe edits only, and only when asked for', () => {
    expect(ask(['source.fixAll']).map(({ kind, edit }) => [kind, edit?.documentChanges?.length])).toEqual([
      ['source.fixAll.flopwise', 1],
    ]);
    expect(ask().some(({ kind }) => kind === 'source.fixAll.flopwise')).toBe(false);
    const unsafe = { ...finding, fixes: finding.fixes.map((fix) => ({ ...fix, safe: false })) };
    expect(ask(['source'], at, able, { ...view, workloads: [{ ...job, findings: [unsafe] }] })).toEqual([]);
  });

  test('only the kinds asked for, and only where the finding is', () => {
    expect(ask(['refactor'])).toEqual([]);
    const elsewhere = { start: { line: 0, character: 0 }, end: { line: 0, character: 2 } };
    expect(ask(undefined, elsewhere)).toEqual([]);
  });

  test('says why a fix cannot be written where the user asks for fixes', () => {
    expect(ask(['quickfix']).filter(({ disabled }) => disabled)).toEqual([
      { title: finding.message, kind: 'quickfix', disabled: { reason: 'the optimiser is chosen at run time' } },
    ]);
  });

  test('what-ifs are refactorings', () => {
    const soft = { ...view, workloads: [{ ...job, findings: [{ ...finding, severity: 'hint' as const }] }] };
    expect(ask(['refactor.rewrite'], at, able, soft).map(({ kind }) => kind)).toContain('refactor.rewrite.flopwise');
  });

  test('silence is a comment with the rule and a reason', () => {
    expect(JSON.stringify(ask().at(-1)?.edit)).toContain('  # flopwise: ignore[does-not-fit] reason');
  });
});
