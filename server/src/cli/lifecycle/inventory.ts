import { parseArgs } from 'node:util';
import { planRetention, type RetentionPlan } from '#core/lifecycle/retention.ts';
import { type StoragePrice, storagePriceOf } from '#core/lifecycle/storage-price.ts';
import { findRuns, pointersOf } from '#core/lifecycle/stored-runs.ts';
import { describeRetention } from '#core/report/stored.ts';
import { formatDisk } from '#core/units/format.ts';
import { loadEngine } from '#server/gather/engine.ts';
import { type ExitCode, exit, KnownError } from '../exit.ts';
import type { CliHost } from '../host.ts';
import { describeMeasured, measureFolder } from './measure.ts';
import { positive } from './options.ts';

/** Raised whenever a field changes its meaning or goes. */
const version = 2;
/** Share of a folder's bytes beside its saves that is worth a word. */
const notable = 0.01;
/** Saves kept where the command says no number: enough to resume after a save that broke. */
const keptByDefault = 2;

/** Tells what checkpoints lie below a folder, what they cost, and which may go. Changes nothing. */
export async function runInventory(argv: readonly string[], host: CliHost): Promise<ExitCode> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      keep: { type: 'string' },
      cloud: { type: 'string' },
      region: { type: 'string' },
      class: { type: 'string' },
      measure: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      format: { type: 'string', default: 'table' },
    },
  });
  const [path, more] = positionals;
  if (path === undefined || more !== undefined)
    throw new KnownError('checkpoints needs one folder, or plan and paths', exit.usage);
  if (values.format !== 'table' && values.format !== 'json')
    throw new KnownError(`--format ${values.format}: one of table, json`, exit.usage);
  const keepLast = positive(values.keep, '--keep', 'saves') ?? keptByDefault;
  if (!Number.isInteger(keepLast)) throw new KnownError(`--keep ${values.keep}: a whole number of saves`, exit.usage);
  const uri = host.uriOf(path);
  if ((await host.kindOf(uri)) !== 'folder') throw new KnownError(`${path}: no such folder`);
  const { files, cut } = await host.disk.list(uri);
  const texts = new Map<string, string>();
  for (const one of pointersOf(files)) {
    const text = await host.readFile(`${uri.replace(/\/$/, '')}/${one.split('/').map(encodeURIComponent).join('/')}`);
    if (text !== undefined) texts.set(one, text);
  }
  const plans = findRuns(files, texts).map((run) => planRetention(run, { keepLast }));
  const price = await priceAt(values, host);
  const measured = values.measure ? await measureFolder(plans, uri, host) : undefined;
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  if (values.format === 'json') {
    const runs = plans.map((plan) => ({
      ...plan,
      run: { ...plan.run, checkpoints: plan.run.checkpoints.map(withoutFiles) },
      kept: plan.kept.map(({ save, why }) => ({ path: save.path, why })),
      mayGo: plan.mayGo.map(({ path: one, bytes }) => ({ path: one, bytes })),
    }));
    host.out(JSON.stringify({ version, folder: path, totalBytes: total, cut, price, runs, measured }, undefined, 2));
    return exit.fine;
  }
  host.out(
    blocks(path, total, cut, plans, price, values.list)
      .concat(measured ? describeMeasured(measured) : [])
      .join('\n'),
  );
  return exit.fine;
}

function withoutFiles({ files, ...save }: RetentionPlan['run']['checkpoints'][number]) {
  return { ...save, files: files.length };
}

async function priceAt(
  values: {
    readonly cloud?: string | undefined;
    readonly region?: string | undefined;
    readonly class?: string | undefined;
  },
  host: CliHost,
): Promise<StoragePrice | undefined> {
  if (values.cloud === undefined) {
    if (values.region !== undefined || values.class !== undefined)
      throw new KnownError('--region and --class need --cloud', exit.usage);
    return undefined;
  }
  const { catalog } = await loadEngine(host);
  const price = storagePriceOf(catalog, {
    cloud: values.cloud,
    ...(values.region && { region: values.region }),
    ...(values.class && { tier: values.class }),
  });
  if ('reason' in price) throw new KnownError(price.reason);
  return price;
}

function blocks(
  path: string,
  total: number,
  cut: boolean,
  plans: readonly RetentionPlan[],
  price: StoragePrice | undefined,
  list: boolean,
): readonly string[] {
  const head = `${path}: ${formatDisk(total)} in all${cut ? ', and more files than were counted' : ''}`;
  if (plans.length === 0) return [head, 'No checkpoints of a known layout were found.'];
  const beside = total - plans.reduce((sum, plan) => sum + plan.bytesKept + plan.bytesFreed, 0);
  return [
    head,
    ...(beside > notable * total ? [`${formatDisk(beside)} of it in no save that is told apart here`] : []),
    ...plans.flatMap((plan) => describeRetention(plan, price, list, path)),
    'Nothing was changed.',
  ];
}
