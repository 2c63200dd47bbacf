import type { Finding } from './rule.ts';

/** Findings without repeats: a script that several launchers start brings the same finding with each of its jobs. */
export function distinctFindings(findings: readonly Finding[]): readonly Finding[] {
  const mark = ({ ruleId, span, message }: Finding) => `${ruleId} ${span.uri} ${span.start} ${span.end} ${message}`;
  return [...new Map(findings.map((one) => [mark(one), one])).values()];
}
