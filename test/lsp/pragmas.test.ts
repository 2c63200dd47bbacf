import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CompletionItem } from 'vscode-languageserver/node';
import { built } from '../bundle/built.ts';
import { type OpenDocument, type Session, startSession } from './server.ts';

const script = `import os
LIMIT = [1, 2]
x = 1  # flopwise: ignore[keeps-all-checkpoints, tf32-of] known, until 2020-01-31
y = 2  # flopwise: ignore[]
`;

describe('comments that silence rules', () => {
  let session: Session;
  let document: OpenDocument;
  const labelsAt = async (line: number, character: number) =>
    (
      await session.connection.sendRequest<CompletionItem[]>('textDocument/completion', {
        textDocument: { uri: document.uri },
        position: { line, character },
      })
    ).map(({ label }) => label);

  beforeAll(async () => {
    session = await startSession([built('server.cjs'), '--stdio'], {
      initializationOptions: { rulePages: 'https://example.org/rules/' },
      capabilities: { textDocument: { diagnostic: {}, hover: { contentFormat: ['markdown'] } } },
    });
    document = await session.open('file:///train/train.py', 'python', script);
  });

  afterAll(async () => {
    expect(session.log).toEqual([]);
    expect(await session.end()).toBe(0);
  });

  test('the rules that are not named yet are offered between the brackets, and nowhere else', async () => {
    const { line, character } = document.at('[]');
    const all = await labelsAt(line, character + 1);
    expect(all).toContain('tf32-off');
    const named = document.at('tf32-of');
    const left = await labelsAt(named.line, named.character + 4);
    expect(left).toContain('tf32-off');
    expect(left).not.toContain('keeps-all-checkpoints');
    expect(await labelsAt(1, 9)).toEqual([]);
    expect(await labelsAt(0, 3)).toEqual([]);
  });

  test('a rule explains itself, with its page', async () => {
    const hover = await document.hover(document.at('keeps-all'));
    expect(JSON.stringify(hover?.contents)).toContain('https://example.org/rules/keeps-all-checkpoints.md');
    expect(await document.hover(document.at('known'))).toBeNull();
  });

  test('what silences nothing is said at its place', async () => {
    const found = (await document.diagnostics()).map(({ message, range }) => [
      message,
      document.text().split('\n')[range.start.line]?.slice(range.start.character, range.end.character),
    ]);
    expect(found).toEqual([
      ['There is no rule tf32-of (did you mean tf32-off?).', 'tf32-of'],
      ['2020-01-31 has passed: the comment silences nothing.', '2020-01-31'],
      ['No rule is named: nothing is silenced.', ''],
    ]);
  });
});
