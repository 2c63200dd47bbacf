import { childIn, type SyntaxNode } from '../syntax/tree.ts';
import { expandRange, expandWords } from './shell-expand.ts';
import { type Scope, type ShellText, sourceOf } from './shell-scope.ts';
import type { ShellValue, ShellWord } from './shell-word.ts';

/** The file that a statement reads from (`< path`). */
export function redirectedInput(node: SyntaxNode, source: ShellText, scope: Scope): ShellWord | undefined {
  const redirect = node.children.find(
    (child) => child.type === 'file_redirect' && /^0?<(?![<&(])/.test(sourceOf(source, child)),
  );
  const path = redirect && childIn(redirect, 'destination');
  return path ? expandWords(path, source, scope)[0] : undefined;
}

/** `read -r -d '' NAME <<EOF`: the whole here-document becomes the value of the name; without `-d ''` only one line would. */
export function readInto(words: readonly ShellWord[], content: ShellValue, scope: Scope): void {
  const name = words.at(-1)?.text ?? '';
  const whole = words.some((word) => /^-\w*d$/.test(word.text));
  if (whole && /^[A-Za-z_]\w*$/.test(name)) scope.variables.set(name, { kind: 'text', value: content });
}

/** The words of a plain command; none of anything else. */
export function wordsOf(node: SyntaxNode, source: ShellText, scope: Scope): readonly ShellWord[] {
  return node.type === 'command'
    ? node.children
        .filter((child) => child.named && child.type !== 'variable_assignment')
        .flatMap((child) => expandWords(child, source, scope))
    : [];
}

/** The text of a here-document, its variables put in unless its mark is quoted. */
export function heredocValue(node: SyntaxNode, source: ShellText, scope: Scope) {
  const body = node.children.find((child) => child.type === 'heredoc_body');
  const start = node.children.find((child) => child.type === 'heredoc_start');
  if (!body || !start) return undefined;
  const verbatim = /["'\\]/.test(sourceOf(source, start));
  return expandRange(
    body.start,
    body.end,
    verbatim ? [] : body.children,
    source,
    scope,
    verbatim ? 'verbatim' : 'heredoc',
  );
}
