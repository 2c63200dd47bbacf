import { childIn, type SyntaxNode } from '../syntax/tree.ts';

/** Works out `$(( ... ))`: whole numbers only, as the shell has them. `read` gives the text of a variable or expansion. */
export function evaluateArithmetic(
  node: SyntaxNode,
  text: string,
  read: (node: SyntaxNode) => string | undefined,
): number | undefined {
  const inner = (one: SyntaxNode | undefined) => (one ? evaluateArithmetic(one, text, read) : undefined);
  switch (node.type) {
    case 'number':
    case 'word':
      return wholeNumber(text.slice(node.start, node.end));
    case 'variable_name':
    case 'simple_expansion':
    case 'expansion':
    case 'command_substitution':
    case 'string':
    case 'arithmetic_expansion':
      if (node.type === 'arithmetic_expansion') return inner(node.children.find((child) => child.named));
      return wholeNumber(read(node) ?? '');
    case 'parenthesized_expression':
      return inner(node.children.find((child) => child.named));
    case 'unary_expression': {
      const value = inner(node.children.findLast((child) => child.named));
      if (value === undefined) return undefined;
      const operator = text.slice(node.start, node.end).trimStart()[0];
      return operator === '-' ? -value : operator === '!' ? Number(value === 0) : operator === '+' ? value : undefined;
    }
    case 'ternary_expression': {
      const [test, yes, no] = node.children.filter((child) => child.named);
      const held = inner(test);
      return held === undefined ? undefined : inner(held !== 0 ? yes : no);
    }
    case 'binary_expression': {
      const left = inner(childIn(node, 'left'));
      const right = inner(childIn(node, 'right'));
      const operator = childIn(node, 'operator');
      if (left === undefined || right === undefined || !operator) return undefined;
      return apply(text.slice(operator.start, operator.end), left, right);
    }
    default:
      return undefined;
  }
}

function wholeNumber(text: string): number | undefined {
  return /^\s*[-+]?\d+\s*$/.test(text) ? Number(text) : undefined;
}

function apply(operator: string, a: number, b: number): number | undefined {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return b === 0 ? undefined : Math.trunc(a / b);
    case '%':
      return b === 0 ? undefined : a % b;
    case '**':
      return a ** b;
    case '<<':
      return a * 2 ** b;
    case '>>':
      return Math.floor(a / 2 ** b);
    case '<':
      return Number(a < b);
    case '>':
      return Number(a > b);
    case '<=':
      return Number(a <= b);
    case '>=':
      return Number(a >= b);
    case '==':
      return Number(a === b);
    case '!=':
      return Number(a !== b);
    case '&&':
      return Number(a !== 0 && b !== 0);
    case '||':
      return Number(a !== 0 || b !== 0);
    default:
      return undefined;
  }
}
