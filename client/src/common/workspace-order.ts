import * as vscode from 'vscode';
import type { WorkspaceResult } from '../../../server/src/protocol.ts';

/** Orders and marks are the server's. */
export type Order = keyof WorkspaceResult['orders'];
export type Narrowing = WorkspaceResult['items'][number]['marks'][number];

/** Orders in which jobs may be listed. */
export function orders(): readonly { readonly id: Order; readonly label: string }[] {
  return [
    { id: 'cost', label: vscode.l10n.t('Cost, the dearest first') },
    { id: 'memory', label: vscode.l10n.t('Memory a GPU, the fullest first') },
    { id: 'findings', label: vscode.l10n.t('Findings, the gravest first') },
    { id: 'name', label: vscode.l10n.t('Path') },
  ];
}

/** What the list may be narrowed to; all that are chosen must hold. */
export function narrowings(): readonly { readonly id: Narrowing; readonly label: string }[] {
  return [
    { id: 'training', label: vscode.l10n.t('train') },
    { id: 'serving', label: vscode.l10n.t('serve') },
    { id: 'findings', label: vscode.l10n.t('have findings') },
    { id: 'too-large', label: vscode.l10n.t('do not fit') },
  ];
}

/** "train, have findings". */
export function wordsOfNarrowing(chosen: readonly Narrowing[]): string {
  return narrowings()
    .filter(({ id }) => chosen.includes(id))
    .map(({ label }) => label)
    .join(', ');
}
