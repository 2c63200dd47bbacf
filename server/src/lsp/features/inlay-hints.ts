import type { Command, InlayHint, InlayHintLabelPart, Position, Range } from 'vscode-languageserver';
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

/** What a hint needs to know of the client. */
export type HintAbilities = Pick<Abilities, 'commands'> & Partial<Pick<Abilities, 'say' | 'resolvesHints'>>;

/** The figures at line ends, in the lines asked for only; one hint a line. What the client can ask for later is left out. */
export function viewInlayHints(
  view: View,
  uri: string,
  range: Range,
  settings: EditorSettings['hints'],
  abilities: HintAbilities,
): InlayHint[] {
  const later = abilities.resolvesHints ?? new Set();
  return hintLines(view, uri, settings)
    .filter(({ position }) => range.start.line <= position.line && position.line <= range.end.line)
    .map((line) => {
      const hint = { ...toInlayHint(view, uri, line, abilities, later), paddingLeft: true };
      return later.size > 0 ? { ...hint, data: uri } : hint;
    });
}

/** The hint with all that belongs to it; as it came where its line shows something else by now. */
export function resolveInlayHint(
  view: View,
  hint: InlayHint,
  settings: EditorSettings['hints'],
  abilities: HintAbilities,
): InlayHint {
  const uri: unknown = hint.data;
  if (typeof uri !== 'string') return hint;
  const line = hintLines(view, uri, settings).find(({ position }) => position.line === hint.position.line);
  const whole = line && toInlayHint(view, uri, line, abilities, new Set());
  return whole && wordsOf(whole) === wordsOf(hint) ? { ...hint, ...whole, position: hint.position } : hint;
}

/** The hints of one line, and where they stand: at its end. */
interface HintLine {
  readonly hints: readonly Hint[];
  readonly position: Position;
}

function hintLines(view: View, uri: string, settings: EditorSettings['hints']): readonly HintLine[] {
  if (!settings.enabled) return [];
  const lines = new Map<number, Hint[]>();
  for (const hint of hintsIn(view)) {
    if (!settings[hint.kind] || uriAt(view.file, hint.at.start) !== uri) continue;
    const line = lineAt(view.file, hint.at.start);
    const there = lines.get(line) ?? [];
    if (lengthOf([...there, hint]) <= maximumLength || there.length === 0) lines.set(line, [...there, hint]);
  }
  return [...lines.values()].map((hints) => ({ hints, position: toLineEnd(view.file, hints[0]?.at.start ?? 0) }));
}

function toInlayHint(
  view: View,
  uri: string,
  { hints, position }: HintLine,
  abilities: HintAbilities,
  later: ReadonlySet<string>,
): InlayHint {
  const label: InlayHintLabelPart[] = [];
  for (const hint of hints) {
    if (label.length > 0) label.push({ value: separator });
    for (const part of hint.parts) {
      if (part.text === '') continue;
      const location = part.at ? toLocation(view.files, part.at) : undefined;
      const elsewhere = location && part.at && part.at.start !== hint.at.start;
      const leads = !elsewhere && abilities.commands && /\S/.test(part.text);
      label.push({
        value: part.text,
        ...(part.detail && !later.has('label.tooltip') ? { tooltip: { kind: 'markdown', value: part.detail } } : {}),
        ...(elsewhere && !later.has('label.location') ? { location } : {}),
        ...(leads && !later.has('label.command') ? { command: reportCommand(uri, abilities) } : {}),
      });
    }
  }
  const tooltip = later.has('tooltip') ? '' : tooltipOf(hints);
  return { position, label, ...(tooltip === '' ? {} : { tooltip: { kind: 'markdown', value: tooltip } }) };
}

function reportCommand(uri: string, { say = sayPlain }: HintAbilities): Command {
  return { title: say('Show the report'), command: showReportCommand, arguments: [uri] };
}

function tooltipOf(hints: readonly Hint[]): string {
  return hints
    .map((hint) => hint.tooltip)
    .filter((text) => text !== '')
    .join('\n\n');
}

function wordsOf({ label }: InlayHint): string {
  return typeof label === 'string' ? label : label.map(({ value }) => value).join('');
}

const separator = ', ';

function lengthOf(hints: readonly Hint[]): number {
  const texts = hints.map((hint) => hint.parts.reduce((sum, part) => sum + part.text.length, 0));
  return texts.reduce((sum, length) => sum + length, separator.length * (texts.length - 1));
}
