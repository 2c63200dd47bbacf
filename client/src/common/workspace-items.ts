import * as vscode from 'vscode';
import type { WorkspaceResult } from '../../../server/src/protocol.ts';

/** A job in the tree. */
export interface Job {
  readonly kind: 'job';
  readonly job: WorkspaceResult['items'][number];
}

/** A figure or finding below it. */
export interface Line {
  readonly kind: 'line';
  readonly line: Job['job']['lines'][number];
}

type Severity = NonNullable<Line['line']['severity']>;

/** Signs and colours of the editor's own lists of problems. */
const icons: Readonly<Record<Severity, vscode.ThemeIcon>> = {
  error: new vscode.ThemeIcon('error', new vscode.ThemeColor('list.errorForeground')),
  warning: new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground')),
  information: new vscode.ThemeIcon('lightbulb'),
  hint: new vscode.ThemeIcon('lightbulb'),
};

/** A job: its path, the two figures that matter, the gravest finding as its sign. */
export function itemOfJob({ job }: Job): vscode.TreeItem {
  const { id, label, text, answer, marks, severity, place, uri } = job;
  // The name first and the folder last: a narrow view cuts the end.
  const cut = label.lastIndexOf('/');
  const item = new vscode.TreeItem(label.slice(cut + 1), vscode.TreeItemCollapsibleState.Collapsed);
  item.id = id;
  item.description = cut < 0 ? text : `${text} · ${label.slice(0, cut)}`;
  item.tooltip = `${label}\n${answer}`;
  const grave = severity === 'error' || severity === 'warning';
  item.iconPath = grave ? icons[severity] : new vscode.ThemeIcon(marks.includes('serving') ? 'broadcast' : 'beaker');
  item.contextValue = marks.includes('serving') ? 'serving' : 'training';
  item.accessibilityInformation = { label: `${label}, ${text}` };
  item.command = opening(place ?? { uri, line: 0, character: 0 });
  return item;
}

/** A figure, or a finding that leads to its line. */
export function itemOfLine({ line: { label, text, severity, place } }: Line): vscode.TreeItem {
  const item = new vscode.TreeItem(label);
  item.description = text;
  item.tooltip = text === '' ? label : `${label}: ${text}`;
  if (severity) item.iconPath = icons[severity];
  if (place) item.command = opening(place);
  return item;
}

function opening(place: NonNullable<Line['line']['place']>): vscode.Command {
  const at = new vscode.Position(place.line, place.character);
  const options: vscode.TextDocumentShowOptions = { selection: new vscode.Range(at, at), preserveFocus: true };
  return {
    title: vscode.l10n.t('Open'),
    command: 'vscode.open',
    arguments: [vscode.Uri.parse(place.uri, true), options],
  };
}
