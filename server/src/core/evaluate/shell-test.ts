import { childIn, type SyntaxNode } from '../syntax/tree.ts';
import { evaluateArithmetic } from './shell-arithmetic.ts';
import { expandValue } from './shell-expand.ts';
import { type Scope, type ShellText, sourceOf } from './shell-scope.ts';
import { textOf, unknownIn } from './shell-word.ts';

/** What a condition comes to. `assumed`: it rests on a name that nothing sets, taken as empty, as in a plain run of the file. */
export interface Verdict {
  readonly holds: boolean | undefined;
  readonly assumed: boolean;
}

const open: Verdict = { holds: undefined, assumed: false };

/** Works out `[ ... ]`, `[[ ... ]]`, `(( ... ))`, `test ...`, `!`, `true` and `false`; anything else is open. */
export function evaluateTest(node: SyntaxNode | undefined, source: ShellText, scope: Scope): Verdict {
  if (!node) return open;
  const inner = (one: SyntaxNode | undefined) => evaluateTest(one, source, scope);
  switch (node.type) {
    case 'test_command':
    case 'parenthesized_expression':
      return inner(node.children.find((child) => child.named));
    case 'negated_command': {
      return negate(inner(node.children.find((child) => child.named)));
    }
    case 'command': {
      const text = sourceOf(source, node).trim();
      if (text === 'true' || text === ':') return { holds: true, assumed: false };
      return text === 'false' ? { holds: false, assumed: false } : open;
    }
    case 'list': {
      const operator = node.children.find((child) => child.type === '&&' || child.type === '||')?.type;
      const [left, right] = node.children.filter((child) => child.named);
      return operator ? join(operator, inner(left), inner(right)) : open;
    }
    case 'compound_statement': {
      if (!sourceOf(source, node).startsWith('((')) return open;
      const child = node.children.find((one) => one.named);
      return child ? arithmeticVerdict(child, source, scope) : open;
    }
    case 'unary_expression':
      return unary(node, source, scope);
    case 'binary_expression':
      return binary(node, source, scope);
    default:
      return open;
  }
}

function unary(node: SyntaxNode, source: ShellText, scope: Scope): Verdict {
  const operand = node.children.findLast((child) => child.named && child.type !== 'test_operator');
  const operator = sourceOf(source, node).trim().slice(0, 2);
  if (operator.startsWith('!')) return negate(evaluateTest(operand, source, scope));
  if (!operand || (operator !== '-z' && operator !== '-n')) return open;
  const value = textFor(operand, source, scope);
  if (value.text === undefined) return open;
  return { holds: (value.text === '') === (operator === '-z'), assumed: value.assumed };
}

function binary(node: SyntaxNode, source: ShellText, scope: Scope): Verdict {
  const operatorNode = childIn(node, 'operator');
  const left = childIn(node, 'left');
  const right = childIn(node, 'right');
  if (!operatorNode || !left || !right) return open;
  const operator = sourceOf(source, operatorNode);
  if (operator === '&&' || operator === '-a') {
    return join('&&', evaluateTest(left, source, scope), evaluateTest(right, source, scope));
  }
  if (operator === '||' || operator === '-o') {
    return join('||', evaluateTest(left, source, scope), evaluateTest(right, source, scope));
  }
  // The grammar binds `a = b && c` as `a = (b && c)`.
  const nested = right.type === 'binary_expression' ? childIn(right, 'operator') : undefined;
  const joiner = nested ? sourceOf(source, nested) : '';
  if (joiner === '&&' || joiner === '||') {
    const first = compare(operator, left, childIn(right, 'left'), source, scope);
    return join(joiner, first, evaluateTest(childIn(right, 'right'), source, scope));
  }
  return compare(operator, left, right, source, scope);
}

function compare(
  operator: string,
  left: SyntaxNode,
  right: SyntaxNode | undefined,
  source: ShellText,
  scope: Scope,
): Verdict {
  if (!right) return open;
  const a = textFor(left, source, scope);
  const b = textFor(right, source, scope);
  if (a.text === undefined || b.text === undefined) return open;
  const assumed = a.assumed || b.assumed;
  // Which mode an argument picks is the caller's word; only emptiness is told by giving none.
  const picks = (text: string) => text !== '';
  if ((a.argument && picks(b.text)) || (b.argument && picks(a.text))) return open;
  const numbers = [Number(a.text), Number(b.text)] as const;
  const verdict = (holds: boolean): Verdict => ({ holds, assumed });
  const numeric = (holds: boolean): Verdict => (a.text === '' || numbers.some(Number.isNaN) ? open : verdict(holds));
  switch (operator) {
    case '=':
    case '==':
      return matches(b.text, sourceOf(source, right), a.text, verdict, true);
    case '!=':
      return matches(b.text, sourceOf(source, right), a.text, verdict, false);
    case '-eq':
      return numeric(numbers[0] === numbers[1]);
    case '-ne':
      return numeric(numbers[0] !== numbers[1]);
    case '-gt':
      return numeric(numbers[0] > numbers[1]);
    case '-ge':
      return numeric(numbers[0] >= numbers[1]);
    case '-lt':
      return numeric(numbers[0] < numbers[1]);
    case '-le':
      return numeric(numbers[0] <= numbers[1]);
    default:
      return open;
  }
}

function matches(
  pattern: string,
  source: string,
  text: string,
  verdict: (holds: boolean) => Verdict,
  equal: boolean,
): Verdict {
  const glob = !/^["']/.test(source) && /[*?[]/.test(pattern);
  return verdict((glob ? globMatches(pattern, text) : pattern === text) === equal);
}

/** True where a shell pattern of `*`, `?` and plain sets fits the whole text. */
export function globMatches(pattern: string, text: string): boolean {
  const escaped = pattern
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replace(/\?/g, '.');
  try {
    return new RegExp(`^${escaped}$`, 's').test(text);
  } catch (error) {
    // An unclosed set is plain text to the shell too.
    return error instanceof SyntaxError && pattern === text;
  }
}

/** One side of a comparison. `argument`: it is a positional parameter that nothing gives. */
interface Operand {
  readonly text: string | undefined;
  readonly assumed: boolean;
  readonly argument: boolean;
}

function textFor(node: SyntaxNode, source: ShellText, scope: Scope): Operand {
  const value = expandValue(node, source, scope);
  if (unknownIn(value) === undefined) {
    // `${NAME:-}` is how careful scripts ask for a name that may be missing.
    const asked = /^"?\$\{([A-Za-z_]\w*):?-\}"?$/.exec(sourceOf(source, node).trim())?.[1];
    return { text: textOf(value), assumed: asked !== undefined && isUnset(`$${asked}`, scope), argument: false };
  }
  const unset = value.pieces.every((piece) => piece.unknown === undefined || isUnset(piece.text, scope));
  if (!unset) return { text: undefined, assumed: false, argument: false };
  const set = value.pieces.filter((piece) => piece.unknown === undefined);
  const argument = value.pieces.some((piece) => piece.unknown !== undefined && /^\$\{?\d/.test(piece.text));
  return { text: set.map((piece) => piece.text).join(''), assumed: true, argument };
}

/** A plain name or argument that nothing in the text sets and no scheduler or launcher is known to set. */
function isUnset(text: string, scope: Scope): boolean {
  const name = /^\$\{?([A-Za-z_]\w*|\d+)\}?$/.exec(text)?.[1];
  if (name === undefined || scope.variables.has(name)) return false;
  return !/^(SLURM_|PBS_|OMPI_|PMI_|LSB_|HOST|USER$|HOME$|PATH$|PWD$|SHELL$|RANK$|LOCAL_RANK$|NODE_RANK$|WORLD_SIZE$)/.test(
    name,
  );
}

function arithmeticVerdict(node: SyntaxNode, source: ShellText, scope: Scope): Verdict {
  const read = (one: SyntaxNode) => {
    if (one.type !== 'variable_name') return textFor(one, source, scope).text;
    const variable = scope.variables.get(sourceOf(source, one));
    return variable?.kind === 'text' && unknownIn(variable.value) === undefined ? textOf(variable.value) : undefined;
  };
  const value = evaluateArithmetic(node, source.text, read);
  return value === undefined ? open : { holds: value !== 0, assumed: false };
}

function negate(verdict: Verdict): Verdict {
  return verdict.holds === undefined ? verdict : { holds: !verdict.holds, assumed: verdict.assumed };
}

function join(operator: string, a: Verdict, b: Verdict): Verdict {
  const decides = operator === '||';
  const assumed = a.assumed || b.assumed;
  if (a.holds === decides || b.holds === decides) return { holds: decides, assumed };
  if (a.holds === undefined || b.holds === undefined) return open;
  return { holds: !decides, assumed };
}
