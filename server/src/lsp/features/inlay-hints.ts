import type { InlayHint, InlayHintLabelPart, Range } from 'vscode-languageserver';
import type { Hint } from '#core/report/report.ts';
import { sayPlain } from '#core/report/words.ts';
import { lineAt } from '#core/source/lines.ts';
import { showReportCommand } from '../../protocol.ts';
import type { Abilities } from '../abilities.ts';
import type { EditorSettings } from '../settings.ts';
import { toLineEnd, toLocation, uriAt } from '../to-lsp.ts';
import { hintsIn, type View } from '../view.ts';

/** Editors cut a line's hints at 43 characters over all providers; a hint that would not fit is left out, never cut. */
const maximumLength = 43;

/** The figures at line ends, in the lines asked for only; one hint a line. */
export function viewInlayHints(
  view: View,
  uri: string,
  range: Range,
  settings: EditorSettings['hints'],
  abilities: Pick<Abilities, 'commands'> & Partial<Pick<Abilities, 'say'>>,
): InlayHint[] {
  if (!settings.enabled) return [];
  const lines = new Map<number, Hint[]>();
  for (const hint of hintsIn(view)) {
    if (!settings[hint.kind] || uriAt(view.file, hint.at.start) !== uri) continue;
    const line = lineAt(view.file, hint.at.start);
    const there = lines.get(line) ?? [];
    if (lengthOf([...there, hint]) <= maximumLength || there.length === 0) lines.set(line, [...there, hint]);
  }
  return [...lines.values()]
    .map((hints) => toInlayHint(view, uri, hints, abilities))
    .filter(({ position }) => range.start.line <= position.line && position.line <= range.end.line);
}

function toInlayHint(
  view: View,
  uri: string,
  hints: readonly Hint[],
  abilities: Pick<Abilities, 'commands'> & Partial<Pick<Abilities, 'say'>>,
): InlayHint {
  const label: InlayHintLabelPart[] = [];
  for (const hint of hints) {
    if (label.length > 0) label.push({ value: separator });
    for (const part of hint.parts) {
      if (part.text === '') continue;
      const location = part.at ? toLocation(view.files, part.at) : undefined;
      const elsewhere = location && part.at && part.at.start !== hint.at.start;
      label.push({
        value: part.text,
        ...(part.detail ? { tooltip: { kind: 'markdown', value: part.detail } } : {}),
        ...(elsewhere ? { location } : {}),
        ...(!elsewhere && abilities.commands && /\S/.test(part.text)
          ? {
              command: {
                title: (abilities.say ?? sayPlain)('Show the report'),
                command: showReportCommand,
                arguments: [uri],
              },
            }
          : {}),
      });
    }
  }
  const start = hints[0]?.at.start ?? 0;
  const tooltip = hints.map((hint) => hint.tooltip).filter((text) => text !== '');
  return {
    position: toLineEnd(view.file, start),
    label,
    paddingLeft: true,
    ...(tooltip.length > 0 ? { tooltip: { kind: 'markdown', value: tooltip.join('\n\n') } } : {}),
  };
}

const separator = ', ';

function lengthOf(hints: readonly Hint[]): number {
  const texts = hints.map((hint) => hint.parts.reduce((sum, part) => sum + part.text.length, 0));
  return texts.reduce((sum, length) => sum + length, separator.length * (texts.length - 1));
}
