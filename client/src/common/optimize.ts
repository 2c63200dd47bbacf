import * as vscode from 'vscode';
import { type BaseLanguageClient, ProgressType } from 'vscode-languageclient';
import {
  type OptimizeItem,
  type OptimizeLimits,
  type OptimizeParams,
  type OptimizeResult,
  optimizeRequest,
} from '../../../server/src/protocol.ts';
import { applyCandidate } from './apply.ts';

interface Choice extends vscode.QuickPickItem {
  readonly item?: OptimizeItem;
}

/** Buttons over the list, each with the limit that it asks for or turns over. */
interface LimitButton extends vscode.QuickInputButton {
  change(limits: OptimizeLimits): Promise<OptimizeLimits | undefined>;
}

/** Shows cheaper and faster ways to run a document's job as they are found; the one chosen is applied to all its files. */
export async function findCheaper(client: BaseLanguageClient, uri: string): Promise<void> {
  const list = vscode.window.createQuickPick<Choice>();
  list.title = vscode.l10n.t('Find a cheaper configuration');
  list.matchOnDescription = true;
  list.matchOnDetail = true;
  list.ignoreFocusOut = true;
  let limits: OptimizeLimits = {};
  let run = 0;
  // An input box hides the list for a moment, which must not end the search.
  let asking = false;
  let cancel = new vscode.CancellationTokenSource();
  const search = async () => {
    cancel.cancel();
    cancel = new vscode.CancellationTokenSource();
    run += 1;
    await fill(client, list, { uri, limits, progress: `${optimizeRequest} ${run} ${uri}` }, cancel.token);
  };
  try {
    await new Promise<void>((done) => {
      list.buttons = buttons();
      list.onDidTriggerButton(async (button) => {
        asking = true;
        const next = await (button as LimitButton).change(limits);
        asking = false;
        list.show();
        if (!next) return;
        limits = next;
        await search();
      });
      list.onDidAccept(async () => {
        const [choice] = list.selectedItems;
        if (list.busy || !choice?.item) return;
        list.hide();
        await applyCandidate(client, choice.item);
        done();
      });
      list.onDidHide(() => {
        if (!asking) done();
      });
      list.show();
      void search();
    });
  } finally {
    cancel.cancel();
    list.dispose();
  }
}

async function fill(
  client: BaseLanguageClient,
  list: vscode.QuickPick<Choice>,
  params: OptimizeParams & { readonly progress: string },
  token: vscode.CancellationToken,
): Promise<void> {
  list.busy = true;
  list.placeholder = describeLimits(params.limits);
  const show = (result: OptimizeResult) => {
    if (token.isCancellationRequested) return;
    list.items = toChoices(result);
  };
  const partial = client.onProgress(new ProgressType<OptimizeResult>(), params.progress, show);
  try {
    const result = await client.sendRequest<OptimizeResult | null>(optimizeRequest, params, token);
    if (token.isCancellationRequested) return;
    if (result) show(result);
    else list.items = [{ label: vscode.l10n.t('No training job is stated here.') }];
    list.busy = false;
  } finally {
    partial.dispose();
  }
}

function toChoices({ now, items, examined, reason, title }: OptimizeResult): Choice[] {
  const head: Choice = { label: vscode.l10n.t('{0} now: {1}', title, now), kind: vscode.QuickPickItemKind.Separator };
  if (reason !== undefined) return [head, { label: vscode.l10n.t('Not searched: {0}', reason) }];
  if (items.length === 0)
    return [head, { label: vscode.l10n.t('Nothing fits the limits among {0} configurations.', examined) }];
  const choices = items.map((item): Choice => {
    const icon = item.now ? '$(circle-filled) ' : item.refused === undefined ? '' : '$(lock) ';
    const why = item.refused === undefined ? '' : ` · ${vscode.l10n.t('by hand: {0}', item.refused)}`;
    return { label: `${icon}${item.label}`, description: item.description, detail: `${item.detail}${why}`, item };
  });
  return [head, ...choices];
}

function describeLimits({ deadlineHours, budget, keepNumerics, ownMachines }: OptimizeLimits): string {
  const words = [
    deadlineHours === undefined ? undefined : vscode.l10n.t('within {0} h', deadlineHours),
    budget === undefined ? undefined : vscode.l10n.t('for at most {0}', budget),
    keepNumerics ? vscode.l10n.t('same number format') : undefined,
    ownMachines ? vscode.l10n.t('same machines') : undefined,
  ].filter((word) => word !== undefined);
  const limits = words.length > 0 ? words.join(', ') : vscode.l10n.t('no limits set');
  return vscode.l10n.t('Choose one to edit the files ({0})', limits);
}

function buttons(): readonly LimitButton[] {
  return [
    {
      iconPath: new vscode.ThemeIcon('watch'),
      tooltip: vscode.l10n.t('Deadline in hours'),
      change: (limits) => ask(limits, 'deadlineHours', vscode.l10n.t('Hours that the run may take; empty for any')),
    },
    {
      iconPath: new vscode.ThemeIcon('credit-card'),
      tooltip: vscode.l10n.t('Budget'),
      change: (limits) => ask(limits, 'budget', vscode.l10n.t('Money that the run may cost; empty for any')),
    },
    {
      iconPath: new vscode.ThemeIcon('symbol-numeric'),
      tooltip: vscode.l10n.t('Keep the number format, or let it change'),
      change: (limits) => Promise.resolve({ ...limits, keepNumerics: !limits.keepNumerics }),
    },
    {
      iconPath: new vscode.ThemeIcon('server'),
      tooltip: vscode.l10n.t('Only the same machines, or any'),
      change: (limits) => Promise.resolve({ ...limits, ownMachines: !limits.ownMachines }),
    },
  ];
}

async function ask(
  limits: OptimizeLimits,
  key: 'deadlineHours' | 'budget',
  prompt: string,
): Promise<OptimizeLimits | undefined> {
  const before = limits[key];
  const text = await vscode.window.showInputBox({
    prompt,
    ...(before === undefined ? {} : { value: String(before) }),
    validateInput: (value) =>
      value === '' || Number(value) > 0 ? undefined : vscode.l10n.t('A number above zero, or nothing'),
  });
  if (text === undefined) return undefined;
  const { [key]: _, ...rest } = limits;
  return text === '' ? rest : { ...rest, [key]: Number(text) };
}
