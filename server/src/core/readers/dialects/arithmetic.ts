/** The value of an expression of numbers, + - * / // % ** and brackets; undefined for anything else. */
export function arithmetic(text: string): number | undefined {
  const tokens = text.match(/\d[\d_]*\.?[\d_]*(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?|\*\*|\/\/|[-+*/%()]|\S/g) ?? [];
  if (tokens.length === 0 || tokens.length > 200) return undefined;
  const state = { tokens, at: 0, depth: 0 };
  const value = sum(state);
  return state.at === tokens.length && value !== undefined && Number.isFinite(value) ? value : undefined;
}

interface State {
  readonly tokens: readonly string[];
  at: number;
  depth: number;
}

function sum(state: State): number | undefined {
  let left = product(state);
  for (let sign = state.tokens[state.at]; sign === '+' || sign === '-'; sign = state.tokens[state.at]) {
    state.at++;
    const right = product(state);
    if (left === undefined || right === undefined) return undefined;
    left = sign === '+' ? left + right : left - right;
  }
  return left;
}

function product(state: State): number | undefined {
  let left = power(state);
  for (let sign = state.tokens[state.at]; sign && ['*', '/', '//', '%'].includes(sign); sign = state.tokens[state.at]) {
    state.at++;
    const right = power(state);
    if (left === undefined || right === undefined) return undefined;
    if (sign === '*') left *= right;
    else if (sign === '/') left /= right;
    else if (sign === '//') left = Math.floor(left / right);
    else left -= Math.floor(left / right) * right;
  }
  return left;
}

function power(state: State): number | undefined {
  const base = unary(state);
  if (state.tokens[state.at] !== '**') return base;
  state.at++;
  const exponent = unary(state);
  return base === undefined || exponent === undefined ? undefined : base ** exponent;
}

function unary(state: State): number | undefined {
  const token = state.tokens[state.at++];
  if (token === undefined || ++state.depth > 500) return undefined;
  if (token === '-' || token === '+') {
    const value = unary(state);
    return value === undefined ? undefined : token === '-' ? -value : value;
  }
  if (token === '(') {
    const value = sum(state);
    return state.tokens[state.at++] === ')' ? value : undefined;
  }
  return /^[\d.]/.test(token) ? Number(token.replaceAll('_', '')) : undefined;
}
