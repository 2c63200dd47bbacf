import { type Diagnostic, DiagnosticSeverity } from 'vscode-languageserver';
import type { Finding, Severity } from '#core/rules/rule.ts';
import { productName } from '../../protocol.ts';
import type { Abilities } from '../abilities.ts';
import { toLocation, toRange, uriAt } from '../to-lsp.ts';
import { findingsIn, type View } from '../view.ts';
import { viewPragmaProblems } from './pragmas.ts';
import { viewProjectProblems } from './project-file.ts';

const severities: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

/** The findings of a document, or of the cell called `uri`, and what does not hold in a project file or in a comment to us. */
export function viewDiagnostics(
  view: View,
  uri: string,
  abilities: Pick<Abilities, 'rulePages'> & Partial<Pick<Abilities, 'say'>>,
  today?: string,
): Diagnostic[] {
  const findings = findingsIn(view)
    .filter(({ span }) => uriAt(view.file, span.start) === uri)
    .map((finding) => toDiagnostic(view, finding, abilities));
  return [...viewProjectProblems(view), ...viewPragmaProblems(view.file, uri, today, abilities.say), ...findings];
}

/** One finding on its value, with the places in other files that take part. */
export function toDiagnostic(view: View, finding: Finding, { rulePages }: Pick<Abilities, 'rulePages'>): Diagnostic {
  const related = finding.related.flatMap(({ span, message }) => {
    const location = toLocation(view.files, span);
    return location ? [{ location, message }] : [];
  });
  return {
    range: toRange(view.file, finding.span),
    severity: severities[finding.severity],
    source: productName,
    code: finding.ruleId,
    message: finding.message,
    ...(rulePages ? { codeDescription: { href: `${rulePages}${finding.ruleId}.md` } } : {}),
    ...(related.length > 0 ? { relatedInformation: related } : {}),
  };
}

/** A short mark of a list of diagnostics: equal lists have equal marks, so a client is told "unchanged". */
export function resultIdOf(diagnostics: readonly Diagnostic[]): string {
  let hash = 0;
  const text = JSON.stringify(diagnostics);
  for (let at = 0; at < text.length; at += 1) hash = (Math.imul(hash, 31) + text.charCodeAt(at)) | 0;
  return `${diagnostics.length}-${text.length}-${(hash >>> 0).toString(36)}`;
}
