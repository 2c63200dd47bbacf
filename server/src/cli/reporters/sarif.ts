import { distinctFindings } from '#core/rules/distinct.ts';
import { rules } from '#core/rules/index.ts';
import type { Finding, Severity } from '#core/rules/rule.ts';
import { lineAt, lineEnd, lineStarts, placeOf } from '#core/source/lines.ts';
import type { SourceFile } from '#core/source/source-file.ts';
import type { Span } from '#core/source/span.ts';
import type { CliHost } from '../host.ts';
import type { Reported, Reporter } from './index.ts';

/** For code scanning: SARIF 2.1.0, one run, every rule with its page, every finding with its place and fixes. */
export const reporter: Reporter = { id: 'sarif', report: reportSarif };

const levels: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  error: 'error',
  warning: 'warning',
  information: 'note',
  hint: 'note',
};

function reportSarif(reported: Reported, host: Pick<CliHost, 'show' | 'version'>): string {
  const driver = {
    name: 'Flopwise',
    version: host.version,
    semanticVersion: host.version,
    rules: rules.map(({ id, meta }) => ({
      id,
      shortDescription: { text: meta.title },
      fullDescription: { text: meta.why },
      help: { text: `${meta.why}\n\nEvidence: ${meta.evidence}`, markdown: helpOf(meta) },
      defaultConfiguration: { level: levels[meta.severity] },
      properties: { tags: meta.tags },
    })),
  };
  const results = distinctFindings(reported.workloads.flatMap(({ findings }) => findings)).map((finding) =>
    toResult(finding, reported, host),
  );
  const notifications = reported.problems.map(({ message }) => ({ level: 'warning', message: { text: message } }));
  const run = {
    tool: { driver },
    columnKind: 'utf16CodeUnits',
    originalUriBaseIds: { SRCROOT: { description: { text: 'where the command was started' } } },
    invocations: [{ executionSuccessful: true, toolExecutionNotifications: notifications }],
    results,
  };
  return JSON.stringify(
    { $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] },
    undefined,
    2,
  );
}

function helpOf({ why, evidence, bad, good }: (typeof rules)[number]['meta']): string {
  return [why, `Evidence: ${evidence}`, '```', bad, '```', 'Better:', '```', good, '```'].join('\n\n');
}

function toResult(finding: Finding, reported: Reported, host: Pick<CliHost, 'show'>) {
  const { ruleId, severity, message, span, related, fixes } = finding;
  const written = fixes.flatMap(({ title, edits }) => {
    const artifactChanges = edits.flatMap((edit) => {
      const file = reported.files.get(edit.span.uri);
      if (!file || file.cells) return [];
      const replacement = { deletedRegion: regionOf(edit.span, file), insertedContent: { text: edit.text } };
      return [{ artifactLocation: artifact(edit.span.uri, host), replacements: [replacement] }];
    });
    return artifactChanges.length === edits.length ? [{ description: { text: title }, artifactChanges }] : [];
  });
  return {
    ruleId,
    ruleIndex: rules.findIndex(({ id }) => id === ruleId),
    level: levels[severity],
    message: { text: message },
    locations: [locationOf(span, reported, host)],
    ...(related.length > 0
      ? {
          relatedLocations: related.map((one, id) => ({
            id,
            ...locationOf(one.span, reported, host),
            message: { text: one.message },
          })),
        }
      : {}),
    partialFingerprints: { primaryLocationLineHash: fingerprint(finding, reported, host) },
    ...(written.length > 0 ? { fixes: written } : {}),
  };
}

function locationOf(span: Span, { files }: Reported, host: Pick<CliHost, 'show'>) {
  const file = files.get(span.uri);
  // Lines of a notebook's cells are no lines of its file.
  const region = file && !file.cells ? { region: regionOf(span, file) } : {};
  return { physicalLocation: { artifactLocation: artifact(span.uri, host), ...region } };
}

function artifact(uri: string, host: Pick<CliHost, 'show'>) {
  return { uri: encodeURI(host.show(uri).replaceAll('\\', '/')), uriBaseId: 'SRCROOT' };
}

function regionOf({ start, end }: Span, file: SourceFile) {
  const [from, to] = [placeOf(file, start), placeOf(file, end)];
  return { startLine: from.line, startColumn: from.column, endLine: to.line, endColumn: to.column };
}

/** Stays the same while the line keeps its words, wherever it moves to: rule, path and text of the line, hashed (FNV-1a). */
function fingerprint({ ruleId, span }: Finding, { files }: Reported, host: Pick<CliHost, 'show'>): string {
  const file = files.get(span.uri);
  const line = file
    ? file.text.slice(lineStarts(file)[lineAt(file, span.start)], lineEnd(file, span.start)).trim()
    : '';
  let hash = 0x811c9dc5;
  for (const sign of `${ruleId}\n${host.show(span.uri)}\n${line}`) {
    hash = Math.imul(hash ^ (sign.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  }
  return hash.toString(16).padStart(8, '0');
}
