import type { SyntaxNode } from '../syntax/tree.ts';
import { type Scope, type ShellText, sourceOf, spanIn, type Variable } from './shell-scope.ts';
import {
  computedValue,
  literalValue,
  type Part,
  type ShellValue,
  type ShellWord,
  splitValue,
  textOf,
  unknownIn,
  unknownValue,
  wordOf,
} from './shell-word.ts';

/** `$NAME` and every form of `${NAME...}`. `expand` gives the value of what stands after an operator. */
export function expandParameter(
  node: Pick<SyntaxNode, 'start' | 'end'>,
  source: ShellText,
  scope: Scope,
  quoted: boolean,
  expand: (from: number, to: number) => ShellValue,
): readonly Part[] {
  const text = sourceOf(source, node);
  const span = spanIn(source, node);
  const value = (one: ShellValue): Part[] => [{ kind: 'value', value: one, split: !quoted }];
  const form = text.startsWith('${')
    ? /^\$\{([!#]?)([A-Za-z_]\w*|\d+|[@*#?$!-])(?:\[([^\]]*)\])?(:?[-=+?]|##?|%%?|\/\/?|\^\^?|,,?|:|@)?([\s\S]*)\}$/.exec(
        text,
      )
    : /^\$()([A-Za-z_]\w*|[\s\S])()()()$/.exec(text);
  if (!form) return value(unknownValue(text, span, `\`${text}\` is not understood`));
  const [, prefix, name = '', index, operator, rest = ''] = form;
  if (prefix === '#') return value(lengthOf(name, index, text, span, scope));
  if (prefix === '!') return value(unknownValue(text, span, `\`${text}\` names its variable only at run time`));
  const list = listOf(name, index, scope);
  if (list && (!operator || operator === ':')) {
    const words = operator === ':' ? sliceWords(list, rest) : list;
    if (words) return [{ kind: 'words', words }];
    return value(unknownValue(text, span, `\`${text}\` is known only when the script runs`));
  }
  const held = heldBy(name, index, scope, span);
  if (!operator) return value(held ?? unset(name, text, span));
  const other = () => expand(node.end - 1 - rest.length, node.end - 1);
  const empty = operator.startsWith(':') && held !== undefined && unknownIn(held) === undefined && textOf(held) === '';
  switch (operator) {
    case '-':
    case ':-':
      return value(held === undefined || empty ? other() : held);
    case '=':
    case ':=': {
      if (held !== undefined && !empty) return value(held);
      const fallback = other();
      scope.variables.set(name, { kind: 'text', value: fallback });
      return value(fallback);
    }
    case '+':
    case ':+':
      return value(held === undefined || empty ? literalValue('', span) : other());
    case '?':
    case ':?':
      return value(held ?? unset(name, text, span));
    default:
      return value(edited(held ?? unset(name, text, span), operator, textOf(other()), text, span));
  }
}

function unset(name: string, text: string, span: ShellValue['span']): ShellValue {
  const reason = /^\d+$/.test(name)
    ? `Argument ${name} of the script is not given in this file`
    : /^[@*#?$!-]$/.test(name)
      ? `\`${text}\` is known only when the script runs`
      : `\`${name}\` is not set in this file`;
  return unknownValue(text, span, reason);
}

/** The array behind `${NAME[@]}`, `$@` and `$*`. */
function listOf(name: string, index: string | undefined, scope: Scope): readonly ShellWord[] | undefined {
  if (name === '@' || name === '*') return scope.positional;
  if (index !== '@' && index !== '*') return undefined;
  const variable = scope.variables.get(name);
  if (variable?.kind === 'array') return variable.words;
  return variable ? splitValue(variable.value).map((value) => wordOf(value, value.span)) : undefined;
}

function heldBy(
  name: string,
  index: string | undefined,
  scope: Scope,
  span: ShellValue['span'],
): ShellValue | undefined {
  if (name === '0') return computedValue(scope.script, span);
  if (/^\d+$/.test(name)) return scope.positional?.[Number(name) - 1];
  if (name === '#') return scope.positional ? computedValue(String(scope.positional.length), span) : undefined;
  const variable: Variable | undefined = scope.variables.get(name);
  if (!variable) return undefined;
  if (variable.kind === 'text') return variable.value;
  const position = index ? Number(index) : 0;
  return Number.isInteger(position) ? variable.words.at(position) : undefined;
}

function lengthOf(
  name: string,
  index: string | undefined,
  text: string,
  span: ShellValue['span'],
  scope: Scope,
): ShellValue {
  const list = listOf(name, index, scope);
  if (list) return computedValue(String(list.length), span);
  const held = heldBy(name, index, scope, span);
  if (!held || unknownIn(held) !== undefined) return unset(name, text, span);
  return computedValue(String(textOf(held).length), span);
}

function sliceWords(list: readonly ShellWord[], rest: string): readonly ShellWord[] | undefined {
  const range = /^\s*(\d+)(?::(\d+))?\s*$/.exec(rest);
  if (!range) return undefined;
  const start = Number(range[1]);
  return list.slice(start, range[2] === undefined ? undefined : start + Number(range[2]));
}

/** Prefix and suffix removal, replacement, case and substrings; patterns with `*` and `?` only. */
function edited(
  held: ShellValue,
  operator: string,
  argument: string,
  text: string,
  span: ShellValue['span'],
): ShellValue {
  if (unknownIn(held) !== undefined) return unknownValue(text, span, unknownIn(held) ?? '');
  const before = textOf(held);
  const after = editedText(before, operator, argument);
  if (after === undefined) return unknownValue(text, span, `\`${text}\` is known only when the script runs`);
  return after === before ? held : computedValue(after, held.span);
}

function editedText(text: string, operator: string, argument: string): string | undefined {
  const pattern = (glob: string, greedy: boolean) =>
    glob
      .replace(/[.+^${}()|\\]/g, '\\$&')
      .replace(/\*/g, greedy ? '.*' : '.*?')
      .replace(/\?/g, '.');
  if (/[[\]]/.test(argument) && operator !== ':') return undefined;
  switch (operator) {
    case '#':
    case '##':
      return text.replace(new RegExp(`^${pattern(argument, operator === '##')}`, 's'), '');
    case '%': {
      const suffix = new RegExp(`^${pattern(argument, false)}$`, 's');
      for (let i = text.length; i >= 0; i -= 1) if (suffix.test(text.slice(i))) return text.slice(0, i);
      return text;
    }
    case '%%':
      return text.replace(new RegExp(`${pattern(argument, true)}$`, 's'), '');
    case '/':
    case '//': {
      const slash = argument.indexOf('/');
      const from = slash < 0 ? argument : argument.slice(0, slash);
      const to = slash < 0 ? '' : argument.slice(slash + 1);
      if (from === '') return text;
      return text.replace(new RegExp(pattern(from, true), operator === '//' ? 'gs' : 's'), () => to);
    }
    case '^^':
      return text.toUpperCase();
    case ',,':
      return text.toLowerCase();
    case '^':
      return text.slice(0, 1).toUpperCase() + text.slice(1);
    case ',':
      return text.slice(0, 1).toLowerCase() + text.slice(1);
    case ':': {
      const range = /^\s*(\d+)(?::(\d+))?\s*$/.exec(argument);
      if (!range) return undefined;
      const start = Number(range[1]);
      return text.slice(start, range[2] === undefined ? undefined : start + Number(range[2]));
    }
    default:
      return undefined;
  }
}
