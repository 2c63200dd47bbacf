import type { RetentionPlan } from '../lifecycle/retention.ts';
import { monthlyCost, type StoragePrice } from '../lifecycle/storage-price.ts';
import type { StoredCheckpoint } from '../lifecycle/stored.ts';
import { formatCount, formatDisk, formatMoney } from '../units/format.ts';

/** A run's saves in lines: what lies there, what stays and why, what may go. `folder` names the one that was asked for. */
export function describeRetention(
  plan: RetentionPlan,
  price: StoragePrice | undefined,
  list: boolean,
  folder = '.',
): readonly string[] {
  const { run, kept, mayGo, bytesKept, bytesFreed, held } = plan;
  const bytes = bytesKept + bytesFreed;
  const layouts = [...new Set(run.checkpoints.map(({ layout }) => layout))].join(', ');
  const monthly = (size: number) => (price ? `, ${formatMoney(monthlyCost(size, price))} a month` : '');
  const parts = sumParts(run.checkpoints);
  const head = `${run.path || folder}  ${formatCount(run.checkpoints.length)} ${run.checkpoints.length === 1 ? 'save' : 'saves'} (${layouts}), ${formatDisk(bytes)}${monthly(bytes)}`;
  const stay = kept.map(
    ({ save, why }) =>
      `    ${save.path}  ${formatDisk(save.bytes)}  ${why}${save.incomplete ? `; ${save.incomplete}` : ''}`,
  );
  const go = mayGo.map(
    (save) => `    ${save.path}  ${formatDisk(save.bytes)}${save.incomplete ? `  ${save.incomplete}` : ''}`,
  );
  const shown = list ? go : go.slice(0, 5);
  const rest = go.length - shown.length;
  return [
    '',
    head,
    ...(parts === '' ? [] : [`  ${parts}`]),
    ...(price ? [`  price: ${price.words}`] : []),
    held === undefined ? `  stays: ${formatDisk(bytesKept)}` : `  all stay: ${held}`,
    ...(held === undefined ? stay : []),
    ...(mayGo.length > 0
      ? [`  may go: ${formatDisk(bytesFreed)}${monthly(bytesFreed)}`, ...shown]
      : ['  may go: nothing']),
    ...(rest > 0 ? [`    and ${rest} more (--list names them)`] : []),
  ];
}

function sumParts(saves: readonly StoredCheckpoint[]): string {
  const sum = (part: keyof StoredCheckpoint['parts']) => saves.reduce((total, { parts }) => total + parts[part], 0);
  const named = (['weights', 'optimizer', 'together', 'other'] as const).map((part) => [part, sum(part)] as const);
  return named
    .filter(([, bytes]) => bytes > 0)
    .map(([part, bytes]) => `${part === 'together' ? 'weights and states together' : part} ${formatDisk(bytes)}`)
    .join(', ');
}
