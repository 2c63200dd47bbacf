import { childIn, childrenIn, type SyntaxNode, visit } from '../syntax/tree.ts';
import { assign, declare, mergeScopes } from './shell-assign.ts';
import { expandValue, expandWords } from './shell-expand.ts';
import { whole } from './shell-join.ts';
import { heredocValue, readInto, redirectedInput, wordsOf } from './shell-redirect.ts';
import { forkScope, type Scope, type ShellText, sourceOf, spanIn } from './shell-scope.ts';
import type { EmbeddedScript, ShellCommand, ShellOptions, WrittenFile } from './shell-script.ts';
import { evaluateTest, globMatches } from './shell-test.ts';
import { embeddedText, type ShellWord, textOf, unknownIn, unknownValue, wordOf } from './shell-word.ts';

/** What a run collects. The counters keep hostile scripts (endless recursion, huge loops) short. */
export interface Run {
  readonly commands: ShellCommand[];
  readonly written: WrittenFile[];
  readonly scripts: EmbeddedScript[];
  readonly unread: ShellWord[];
  readonly options: ShellOptions;
  steps: number;
  depth: number;
}

const maximumSteps = 20_000;
const maximumDepth = 12;

/** Whether the script goes on after a statement. */
type Flow = 'on' | 'left';

/** Runs statements in order in one scope. */
export function runStatements(nodes: readonly SyntaxNode[], source: ShellText, scope: Scope, run: Run): Flow {
  for (const node of nodes) if (runStatement(node, source, scope, run) === 'left') return 'left';
  return 'on';
}

function runStatement(node: SyntaxNode, source: ShellText, scope: Scope, run: Run): Flow {
  run.steps += 1;
  if (run.steps > maximumSteps) return 'left';
  switch (node.type) {
    case 'command':
      return runCommand(node, source, scope, run);
    case 'variable_assignment':
      assign(node, source, scope);
      return 'on';
    case 'declaration_command':
      declare(node, source, scope);
      return 'on';
    case 'unset_command':
      for (const child of node.children) if (child.named) scope.variables.delete(sourceOf(source, child));
      return 'on';
    case 'if_statement':
      return runIf(node, source, scope, run);
    case 'case_statement':
      return runCase(node, source, scope, run);
    case 'for_statement':
      return runFor(node, source, scope, run);
    case 'while_statement':
      return runWhile(node, source, scope, run);
    case 'c_style_for_statement':
      return runStatements(childrenIn(node, 'body'), source, scope, run);
    case 'list':
      return runList(node, source, scope, run);
    case 'function_definition': {
      const name = childIn(node, 'name');
      const body = childIn(node, 'body');
      if (name && body) scope.functions.set(sourceOf(source, name), { body, source });
      return 'on';
    }
    case 'subshell':
      runStatements(node.children, source, forkScope(scope), run);
      return 'on';
    case 'pipeline':
      return runPipeline(node, source, scope, run);
    case 'redirected_statement':
      return runRedirected(node, source, scope, run);
    case 'comment':
    case 'test_command':
    case 'heredoc_redirect':
    case 'file_redirect':
      return 'on';
    default:
      return runStatements(node.children, source, scope, run);
  }
}

function runCommand(node: SyntaxNode, source: ShellText, scope: Scope, run: Run): Flow {
  const prefix = new Map<string, ShellWord>();
  const words: ShellWord[] = [];
  for (const child of whole(node.children)) {
    if (child.type === 'variable_assignment') {
      const name = childIn(child, 'name');
      const value = childIn(child, 'value');
      if (name && value)
        prefix.set(sourceOf(source, name), wordOf(expandValue(value, source, scope), spanIn(source, value)));
    } else if (child.named && !/redirect$/.test(child.type)) {
      words.push(...expandWords(child, source, scope));
    }
  }
  const [program] = words;
  if (!program) {
    for (const [name, value] of prefix) scope.variables.set(name, { kind: 'text', value });
    return 'on';
  }
  if (program.text === 'exit') return 'left';
  if (program.text === 'return') return 'left';
  const environment = new Map<string, ShellWord>();
  for (const name of scope.exported) {
    const variable = scope.variables.get(name);
    if (variable?.kind === 'text') environment.set(name, wordOf(variable.value, variable.value.span));
  }
  for (const [name, value] of prefix) environment.set(name, value);
  const command: ShellCommand = { words, environment, span: spanIn(source, node) };
  if (program.text === 'shift') {
    shift(scope, Number(words[1]?.text ?? '1'));
    return 'on';
  }
  const called = scope.functions.get(program.text);
  if (called) return callFunction(called, words.slice(1), scope, run);
  if (program.text === 'source' || program.text === '.') return runSource(words, scope, run);
  if (runCommandString(command, scope, run)) return 'on';
  run.commands.push(command);
  return 'on';
}

function shift(scope: Scope, count: number): void {
  const positional = scope.positional;
  if (positional && Number.isInteger(count)) scope.positional = positional.slice(count);
}

function callFunction(
  called: { readonly body: SyntaxNode; readonly source: ShellText },
  positional: readonly ShellWord[],
  scope: Scope,
  run: Run,
): Flow {
  if (run.depth >= maximumDepth) return 'on';
  run.depth += 1;
  // Names are shared with the caller, as in the shell; only the arguments are the function's own.
  runStatements(called.body.children, called.source, { ...scope, positional }, run);
  run.depth -= 1;
  return 'on';
}

function runSource(words: readonly ShellWord[], scope: Scope, run: Run): Flow {
  const path = words[1];
  const { parse, source } = run.options;
  if (!path || run.depth >= maximumDepth) return 'on';
  const file = source?.(path.text);
  if (!file || !parse) {
    run.unread.push(path);
    return 'on';
  }
  run.depth += 1;
  const length = file.text.length;
  const text: ShellText = {
    text: file.text,
    map: { uri: file.uri, pieces: [{ inner: 0, outer: 0, length }] },
  };
  const positional = words.length > 2 ? words.slice(2) : scope.positional;
  runStatements(parse(file.text).children, text, { ...scope, positional }, run);
  run.depth -= 1;
  return 'on';
}

/** Commands that carry a script in a word: `eval`, `bash -c`, also behind a launcher (`srun ... bash -c '...'`). */
export function runCommandString(command: ShellCommand, scope: Scope, run: Run): boolean {
  const { words } = command;
  const { parse } = run.options;
  if (!parse || run.depth >= maximumDepth) return false;
  const shell = words.findIndex((word) => /^(?:.*\/)?(?:ba|z|da|k)?sh$/.test(word.text));
  const flag = shell < 0 ? -1 : words.findIndex((word, index) => index > shell && /^-[a-z]*c$/.test(word.text));
  const carried =
    words[0]?.text === 'eval'
      ? words.slice(1)
      : flag > shell && flag <= shell + 3
        ? words.slice(flag + 1, flag + 2)
        : [];
  const [first] = carried;
  if (
    !first ||
    (shell > 0 && words[0]?.text !== 'env' && /^(docker|podman|kubectl|ssh|pdsh)$/.test(words[0]?.text ?? ''))
  )
    return false;
  const joined =
    carried.length === 1
      ? first
      : wordOf(
          {
            pieces: carried.flatMap((word, i) =>
              i > 0 ? [{ text: ' ', span: word.at, exact: false }, ...word.pieces] : word.pieces,
            ),
            span: first.span,
          },
          first.at,
        );
  const { text, map } = embeddedText(joined);
  run.depth += 1;
  if (shell > 0) run.commands.push({ ...command, words: words.slice(0, shell) });
  const before = run.commands.length;
  const positional = flag >= 0 ? words.slice(flag + 3) : scope.positional;
  const inner = words[0]?.text === 'eval' ? scope : forkScope(scope, positional);
  for (const [name, value] of command.environment) inner.variables.set(name, { kind: 'text', value });
  runStatements(parse(text).children, { text, map }, inner, run);
  const outer = words.slice(0, Math.max(shell, 0));
  for (let at = before; outer.length > 0 && at < run.commands.length; at += 1) {
    const handed = run.commands[at];
    if (handed && !handed.outer) run.commands[at] = { ...handed, outer };
  }
  run.depth -= 1;
  return true;
}

function runIf(node: SyntaxNode, source: ShellText, scope: Scope, run: Run): Flow {
  const arms: { readonly test: SyntaxNode | undefined; readonly body: readonly SyntaxNode[] }[] = [];
  const body = (one: SyntaxNode) =>
    one.children.filter(
      (c) => c.named && c.field !== 'condition' && c.type !== 'elif_clause' && c.type !== 'else_clause',
    );
  arms.push({ test: childrenIn(node, 'condition').find((child) => child.named), body: body(node) });
  for (const clause of node.children) {
    const [first, ...rest] = clause.children.filter((child) => child.named);
    if (clause.type === 'elif_clause' && first) arms.push({ test: first, body: rest });
    if (clause.type === 'else_clause') arms.push({ test: undefined, body: first ? [first, ...rest] : [] });
  }
  return runArms(arms, source, scope, run);
}

function runArms(
  arms: readonly { readonly test: SyntaxNode | undefined; readonly body: readonly SyntaxNode[] }[],
  source: ShellText,
  scope: Scope,
  run: Run,
): Flow {
  const ends: Scope[] = [];
  const before = forkScope(scope);
  for (const arm of arms) {
    const verdict = arm.test ? evaluateTest(arm.test, source, scope) : { holds: true, assumed: false };
    // A branch that only complains about a missing argument is not the run that the file is for.
    const holds = verdict.assumed && verdict.holds && leaves(arm.body, source) ? false : verdict.holds;
    if (holds === false) continue;
    if (holds === true && ends.length === 0) return runStatements(arm.body, source, scope, run);
    const branch = forkScope(before);
    if (runStatements(arm.body, source, branch, run) === 'on') ends.push(branch);
    if (holds === true) {
      mergeScopes(scope, ends);
      return 'on';
    }
  }
  if (ends.length > 0) mergeScopes(scope, [before, ...ends]);
  return 'on';
}

function leaves(body: readonly SyntaxNode[], source: ShellText): boolean {
  return body.some((node) => node.type === 'command' && /^(exit|return)\b/.test(sourceOf(source, node)));
}

function runCase(node: SyntaxNode, source: ShellText, scope: Scope, run: Run): Flow {
  const subject = childIn(node, 'value');
  const items = node.children.filter((child) => child.type === 'case_item');
  const value = subject ? expandValue(subject, source, scope) : undefined;
  const body = (item: SyntaxNode) =>
    item.children.filter((child) => child.named && child.field !== 'value' && child.field !== 'termination');
  if (value && unknownIn(value) === undefined) {
    const text = textOf(value);
    const taken = items.find((item) =>
      childrenIn(item, 'value').some((pattern) => {
        const quoted = pattern.type === 'string' || pattern.type === 'raw_string';
        const glob = textOf(expandValue(pattern, source, scope));
        return quoted ? glob === text : globMatches(glob, text);
      }),
    );
    return taken ? runStatements(body(taken), source, scope, run) : 'on';
  }
  const ends = items.flatMap((item) => {
    const branch = forkScope(scope);
    return runStatements(body(item), source, branch, run) === 'on' ? [branch] : [];
  });
  if (ends.length > 0) mergeScopes(scope, [forkScope(scope), ...ends]);
  return 'on';
}

function runFor(node: SyntaxNode, source: ShellText, scope: Scope, run: Run): Flow {
  const variable = childIn(node, 'variable');
  const words = childrenIn(node, 'value').flatMap((value) => expandWords(value, source, scope));
  const [only] = words;
  if (variable) {
    const name = sourceOf(source, variable);
    const span = spanIn(source, childIn(node, 'value') ?? variable);
    const value =
      words.length === 1 && only && !/[*?{]/.test(only.text)
        ? only
        : unknownValue(`$${name}`, span, `\`${name}\` takes several values in a loop`);
    scope.variables.set(name, { kind: 'text', value });
  }
  return runStatements(childrenIn(node, 'body'), source, scope, run);
}

function runWhile(node: SyntaxNode, source: ShellText, scope: Scope, run: Run): Flow {
  const test = childrenIn(node, 'condition').find((child) => child.named);
  const counts = test ? /\$#|\$\{#|\$\{?1\b|getopts|read\b/.test(sourceOf(source, test)) : false;
  // A loop over the script's arguments has nothing to read where none are given.
  if (counts && !scope.positional) return 'on';
  if (evaluateTest(test, source, scope).holds === false) return 'on';
  const branch = forkScope(scope);
  runStatements(childrenIn(node, 'body'), source, branch, run);
  mergeScopes(scope, [forkScope(scope), branch]);
  return 'on';
}

function runList(node: SyntaxNode, source: ShellText, scope: Scope, run: Run): Flow {
  const operator = node.children.find((child) => child.type === '&&' || child.type === '||')?.type;
  const [left, right] = node.children.filter((child) => child.named);
  if (!left || !right) return left ? runStatement(left, source, scope, run) : 'on';
  const verdict = evaluateTest(left, source, scope);
  if (verdict.holds === undefined) {
    const isTest = /^(test_command|negated_command|compound_statement)$/.test(left.type);
    if (!isTest) {
      const flow = runStatement(left, source, scope, run);
      return operator === '||' || flow === 'left' ? 'on' : runStatement(right, source, scope, run);
    }
    const branch = forkScope(scope);
    if (runStatement(right, source, branch, run) === 'on') mergeScopes(scope, [forkScope(scope), branch]);
    return 'on';
  }
  if (left.type === 'list') runStatement(left, source, scope, run);
  const runsRight = verdict.holds === (operator === '&&');
  if (!runsRight || (verdict.assumed && leaves([right], source))) return 'on';
  return runStatement(right, source, scope, run);
}

function runRedirected(node: SyntaxNode, source: ShellText, scope: Scope, run: Run): Flow {
  const body = childIn(node, 'body');
  let heredoc: SyntaxNode | undefined;
  let target: SyntaxNode | undefined;
  visit(node, (child) => {
    if (child === body) return false;
    if (child.type === 'heredoc_redirect') heredoc ??= child;
    if (child.type === 'file_redirect' && /^\d*>/.test(sourceOf(source, child)))
      target ??= childIn(child, 'destination');
    return child.type !== 'heredoc_body';
  });
  const content = heredoc ? heredocValue(heredoc, source, scope) : undefined;
  if (!content || !heredoc) return runWithInput(body, redirectedInput(node, source, scope), source, scope, run);
  const { text, map } = embeddedText(content);
  const words = body ? wordsOf(body, source, scope) : [];
  const program = words[0]?.text ?? '';
  const [path] = target ? expandWords(target, source, scope) : program === 'tee' ? words.slice(-1) : [];
  if (path) run.written.push({ path, text, map });
  else if (program === 'read') readInto(words, content, scope);
  else if (/^(sbatch|qsub|bsub|srun|bash|sh|ssh)$/.test(program)) {
    run.scripts.push({ program, text, map });
    if (run.options.parse && run.depth < maximumDepth) {
      run.depth += 1;
      runStatements(run.options.parse(text).children, { text, map }, forkScope(scope), run);
      run.depth -= 1;
    }
  } else if (body) return runStatement(body, source, scope, run);
  return 'on';
}

/** Commands joined by pipes: a plain `cat path` names the input of the next one. */
function runPipeline(node: SyntaxNode, source: ShellText, scope: Scope, run: Run): Flow {
  let input: ShellWord | undefined;
  for (const child of node.children) {
    if (!child.named) continue;
    const before = run.commands.length;
    if (runWithInput(child, input, source, scope, run) === 'left') return 'left';
    const words = run.commands.length === before + 1 ? run.commands[before]?.words : undefined;
    input = words?.length === 2 && words[0]?.text === 'cat' ? words[1] : undefined;
  }
  return 'on';
}

/** Runs a statement; its first command reads the input. */
function runWithInput(
  node: SyntaxNode | undefined,
  input: ShellWord | undefined,
  source: ShellText,
  scope: Scope,
  run: Run,
): Flow {
  if (!node) return 'on';
  const before = run.commands.length;
  const flow = runStatement(node, source, scope, run);
  const first = run.commands[before];
  if (first && input && !first.input) run.commands[before] = { ...first, input };
  return flow;
}
