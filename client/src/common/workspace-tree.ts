import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { type WorkspaceResult, workspaceChangedNotification } from '../../../server/src/protocol.ts';
import { askWorkspace } from './ask-workspace.ts';
import { itemOfJob, itemOfLine, type Job, type Line } from './workspace-items.ts';
import { type Narrowing, narrowings, type Order, orders, wordsOfNarrowing } from './workspace-order.ts';

const viewId = 'flopwise.workspace';
/** Milliseconds without a change before the workspace is asked for again. */
const pause = 1000;

/** What the view remembers for its workspace. */
interface Choices {
  readonly order: Order;
  readonly narrowing: readonly Narrowing[];
}

/** The tree of all jobs in the workspace. Nothing is looked at before the view is first opened. */
export function showWorkspace(client: BaseLanguageClient, memento: vscode.Memento): vscode.Disposable {
  const changed = new vscode.EventEmitter<Job | Line | undefined>();
  let known: WorkspaceResult | undefined;
  let asking: Promise<void> | undefined;
  let again = false;
  let later: ReturnType<typeof setTimeout> | undefined;
  let choices = memento.get<Choices>(viewId, { order: 'cost', narrowing: [] });

  const provider: vscode.TreeDataProvider<Job | Line> = {
    onDidChangeTreeData: changed.event,
    async getChildren(parent) {
      if (parent) return parent.kind === 'job' ? parent.job.lines.map((line): Line => ({ kind: 'line', line })) : [];
      if (!known) await look();
      return jobs();
    },
    getTreeItem: (one) => (one.kind === 'job' ? itemOfJob(one) : itemOfLine(one)),
  };
  const view = vscode.window.createTreeView(viewId, { treeDataProvider: provider, showCollapseAll: true });

  const jobs = (): Job[] => {
    const { items = [], orders: given } = known ?? {};
    const indexes = given?.[choices.order] ?? [];
    const sorted = indexes.flatMap((at) => items[at] ?? []);
    const wanted = sorted.filter(({ marks }) => choices.narrowing.every((mark) => marks.includes(mark)));
    const narrowed = wanted.length < sorted.length;
    view.message = narrowed
      ? vscode.l10n.t(
          '{0} of {1} shown ({2}). {3}',
          wanted.length,
          sorted.length,
          wordsOfNarrowing(choices.narrowing),
          known?.totals ?? '',
        )
      : (known?.totals ?? '');
    return wanted.map((job) => ({ kind: 'job', job }));
  };
  const state = (value: 'none' | 'empty' | 'stopped' | 'full') =>
    vscode.commands.executeCommand('setContext', 'flopwise.workspaceState', value);
  /** Asks once at a time; a change meanwhile is asked for after it. */
  const look = (): Promise<void> => {
    again = asking !== undefined;
    asking ??= askWorkspace(client, viewId, known === undefined)
      .then(async (result) => {
        if (result) known = result;
        await state(result ? (result.items.length > 0 ? 'full' : 'empty') : known ? 'full' : 'stopped');
      })
      .finally(() => {
        asking = undefined;
        if (again) soon();
      });
    return asking;
  };
  const soon = () => {
    clearTimeout(later);
    later = setTimeout(async () => {
      if (!view.visible || !known) return;
      await look();
      changed.fire(undefined);
    }, pause);
  };
  const choose = async (next: Choices) => {
    choices = next;
    await memento.update(viewId, next);
    changed.fire(undefined);
  };

  return vscode.Disposable.from(
    view,
    changed,
    { dispose: () => clearTimeout(later) },
    client.onNotification(workspaceChangedNotification, soon),
    view.onDidChangeVisibility(({ visible }) => {
      if (visible) soon();
    }),
    vscode.workspace.onDidChangeWorkspaceFolders(soon),
    vscode.commands.registerCommand('flopwise.scanWorkspace', async () => {
      known = undefined;
      await state('none');
      await look();
      changed.fire(undefined);
    }),
    vscode.commands.registerCommand('flopwise.sortWorkspace', async () => {
      const order = await pickOrder(choices.order);
      if (order) await choose({ ...choices, order });
    }),
    vscode.commands.registerCommand('flopwise.filterWorkspace', async () => {
      const narrowing = await pickNarrowing(choices.narrowing);
      if (narrowing) await choose({ ...choices, narrowing });
    }),
  );
}

async function pickOrder(now: Order): Promise<Order | undefined> {
  const items = orders().map(({ id, label }) => ({ id, label, description: id === now ? vscode.l10n.t('now') : '' }));
  const picked = await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Sort the jobs by') });
  return picked?.id;
}

async function pickNarrowing(now: readonly Narrowing[]): Promise<readonly Narrowing[] | undefined> {
  const items = narrowings().map(({ id, label }) => ({ id, label, picked: now.includes(id) }));
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Show only jobs that'),
    canPickMany: true,
  });
  return picked?.map(({ id }) => id);
}
