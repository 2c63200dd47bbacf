import type { AnalyzedWorkload } from '#core/analyze.ts';
import { lazyFinding } from '#core/rules/lazy.ts';
import type { Fix } from '#core/rules/rule.ts';
import { differ } from '#core/source/change.ts';
import { once } from '#core/source/once.ts';
import type { SourceFile } from '#core/source/source-file.ts';
import type { Span } from '#core/source/span.ts';
import type { Syntax } from '#core/syntax/syntax.ts';
import type { SyntaxNode } from '#core/syntax/tree.ts';
import { hintsIn, type View } from './view.ts';

/** True while the text does not parse whole: someone is typing. */
export function isBroken(file: SourceFile, syntax: Syntax): boolean {
  if (file.languageId === 'python' || file.languageId === 'bash')
    return syntax.mayBeBroken(file) && hasError(syntax.tree(file));
  return syntax.data(file).some(({ problems }) => problems.length > 0);
}

/** The last good view moved onto the broken text, where the fresh one has lost jobs or hints; else the fresh one. */
export function keepGood(fresh: View, good: View | undefined): View {
  if (!good || good.file.uri !== fresh.file.uri) return fresh;
  const lost = fresh.workloads.length < good.workloads.length || hintsIn(fresh).length < hintsIn(good).length;
  return lost ? moveView(good, fresh) : fresh;
}

/** The view of an older version with its spans where the same text stands now. Fixes that touch what changed are left out. */
function moveView(good: View, fresh: View): View {
  const move = mover(good.file.text, fresh.file.text);
  const { uri } = fresh.file;
  const workloads = good.workloads.map((one) => moveWorkload(one, uri, move));
  return { ...good, file: fresh.file, files: new Map([...good.files, [uri, fresh.file]]), workloads };
}

/** A job on the broken text. Only what is asked for is worked out: whoever types waits for the hints alone. */
function moveWorkload(one: AnalyzedWorkload, uri: string, move: ReturnType<typeof mover>): AnalyzedWorkload {
  const still = ({ edits }: Fix) => edits.every(({ span }) => span.uri !== uri || move.untouched(span));
  const findings = once(() =>
    one.findings.map((finding) => {
      const { ruleId, severity, span, message, saving, related } = finding;
      const base = { ruleId, severity, span, message, related, ...(saving === undefined ? {} : { saving }) };
      return lazyFinding(moveSpans(base, uri, move.span), () => ({
        fixes: moveSpans(finding.fixes.filter(still), uri, move.span),
        refusals: finding.refusals,
      }));
    }),
  );
  const report = once(() => moveFields(one.report, uri, move.span));
  return {
    workload: one.workload,
    get spec() {
      return one.spec;
    },
    get estimate() {
      return one.estimate;
    },
    get findings() {
      return findings();
    },
    get report() {
      return report();
    },
  };
}

/** Maps offsets over the one stretch that differs between two texts. */
function mover(before: string, after: string) {
  const { start: head, end: changedEnd, shift } = differ(before, after);
  const offset = (at: number) => (at <= head ? at : at >= changedEnd ? at + shift : head);
  return {
    span: (span: Span): Span => ({ ...span, start: offset(span.start), end: offset(span.end) }),
    untouched: (span: Span) => span.end < head || span.start > changedEnd,
  };
}

/** The same fields with the spans of one document moved, each when it is asked for. */
function moveFields<T extends object>(value: T, uri: string, move: (span: Span) => Span): T {
  const fields = Object.keys(value).map((key) => {
    const get = once(() => moveSpans(value[key as keyof T], uri, move));
    return [key, { enumerable: true, get }] as const;
  });
  return Object.defineProperties({}, Object.fromEntries(fields)) as T;
}

/** A copy of plain data with every span of one document moved. */
function moveSpans<T>(value: T, uri: string, move: (span: Span) => Span): T {
  const walk = (one: unknown): unknown => {
    if (Array.isArray(one)) return one.map(walk);
    if (typeof one !== 'object' || one === null) return one;
    if (isSpan(one)) return one.uri === uri ? move(one) : one;
    return Object.fromEntries(Object.entries(one).map(([key, inner]) => [key, walk(inner)]));
  };
  return walk(value) as T;
}

function isSpan(value: object): value is Span {
  return 'uri' in value && 'start' in value && 'end' in value && typeof value.start === 'number';
}

function hasError(node: SyntaxNode): boolean {
  const open = [node];
  for (let next = open.pop(); next; next = open.pop()) {
    if (next.type === 'ERROR') return true;
    for (const child of next.children) open.push(child);
  }
  return false;
}
