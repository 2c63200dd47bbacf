import { describe, expect, test } from 'vitest';
import { resultIdOf, viewDiagnostics } from '#server/lsp/features/diagnostics.ts';
import { finding, job, launcher, script, view } from '../sample.ts';

const pages = { rulePages: 'file:///docs/rules/' };

describe('diagnostics', () => {
  test('stand on the value, with code, page and the place in the other file', () => {
    expect(viewDiagnostics(view, script.uri, pages)).toEqual([
      {
        range: { start: { line: 3, character: 32 }, end: { line: 3, character: 33 } },
        severity: 1,
        source: 'flopwise',
        code: 'does-not-fit',
        codeDescription: { href: 'file:///docs/rules/does-not-fit.md' },
        message: finding.message,
        relatedInformation: [
          {
            location: {
              uri: launcher.uri,
              range: { start: { line: 1, character: 15 }, end: { line: 1, character: 25 } },
            },
            message: 'asks for 8 x H100',
          },
        ],
      },
    ]);
  });

  test('the same finding of two jobs is told once', () => {
    expect(viewDiagnostics({ ...view, workloads: [job, job] }, script.uri, pages)).toHaveLength(1);
  });

  test('result ids are equal for equal lists only', () => {
    const list = viewDiagnostics(view, script.uri, pages);
    expect(resultIdOf(list)).toBe(resultIdOf(structuredClone(list)));
    expect(resultIdOf(list)).not.toBe(resultIdOf([]));
  });
});
