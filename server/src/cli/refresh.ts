import { parseArgs } from 'node:util';
import { catalogTables, createCatalog } from '#core/catalog/decode.ts';
import { usablePrices, writeKeptPrices } from '#core/catalog/kept-prices.ts';
import type { PriceTables } from '#core/catalog/merge-snapshot.ts';
import type { Problem } from '#core/source/problem.ts';
import { type Refreshed, refreshPrices } from '../../../pricing-data/refresh.ts';
import { sources } from '../../../pricing-data/sources/index.ts';
import type { PriceSource } from '../../../pricing-data/sources/source.ts';
import { type ExitCode, exit, KnownError } from './exit.ts';
import type { CliHost } from './host.ts';

/** What `--help` says of refreshing. */
export const refreshDetails = `flopwise prices refresh asks these lists, and sends no word of your files:
${sources.map(({ id, title, key }) => `  ${id.padEnd(18)}${title}${key ? ` (needs a key in ${key})` : ''}`).join('\n')}
What holds is kept in your cache folder (XDG_CACHE_HOME, ~/.cache, ~/Library/Caches or %LOCALAPPDATA%) and is used
in place of the shipped prices until newer ones ship. --dry-run keeps nothing. Ctrl-C stops it and keeps nothing.
Behind a proxy: HTTPS_PROXY counts with Node 24 or newer and NODE_USE_ENV_PROXY=1.`;

/** More complaints of one refresh than these are only counted. */
const mostShown = 20;

/** Asks the price lists, holds their prices against those before, and keeps what holds for this user. */
export async function runRefresh(argv: readonly string[], host: CliHost): Promise<ExitCode> {
  const { values } = parseArgs({
    args: [...argv],
    options: { source: { type: 'string', multiple: true }, 'dry-run': { type: 'boolean', default: false } },
  });
  const chosen = chosenSources(values.source);
  const { tables, shipped } = await tablesInUse(host);
  const catalog = createCatalog({ ...shipped, ...tables }).value;
  const { world } = host;
  if (world.caution) host.error(`flopwise: ${world.caution}`);
  const { value, problems } = await world.untilInterrupted(async (signal) => {
    const outcome = await refreshPrices({
      sources: chosen,
      tables,
      catalog,
      today: host.today(),
      wire: world.wire(signal),
      keys: Object.fromEntries(chosen.flatMap(({ key }) => (key === undefined ? [] : [[key, world.key(key)]]))),
      progress: (label, done, total) => host.error(`[${done + 1}/${total}] ${label}`),
      cancelled: () => signal.aborted,
    });
    return signal.aborted ? { ...outcome, value: { ...outcome.value, cancelled: true } } : outcome;
  });
  if (value.cancelled) throw new KnownError('stopped; the prices stay as they were');
  complain(problems, host);
  for (const one of value.sources) host.out(lineOf(one));
  if (value.sources.every((one) => one.updated + one.added + one.histories === 0))
    throw new KnownError('no list brought a price; the prices stay as they were');
  const text = writeKeptPrices({ asOf: host.today(), tables: value.tables });
  const faults = [...usablePrices(text, shipped).problems, ...newFaults(shipped, tables, value.tables)];
  if (faults[0]) throw new KnownError(`what came does not hold and is not kept: ${faults[0].message}`);
  host.out(values['dry-run'] ? 'dry run: nothing is kept' : `kept in ${await world.keep(text)}`);
  return exit.fine;
}

function chosenSources(asked: readonly string[] | undefined): readonly PriceSource[] {
  if (asked === undefined) return sources;
  const strange = asked.find((id) => !sources.some((one) => one.id === id));
  if (strange !== undefined)
    throw new KnownError(`--source ${strange}: one of ${sources.map(({ id }) => id).join(', ')}`, exit.usage);
  return sources.filter(({ id }) => asked.includes(id));
}

type ShippedTables = Readonly<Record<(typeof catalogTables)[number], string>>;

/** The shipped tables, and the price tables that hold now: those kept by a refresh before, else the shipped ones. */
async function tablesInUse(host: CliHost): Promise<{ readonly shipped: ShippedTables; readonly tables: PriceTables }> {
  const decoder = new TextDecoder();
  const texts = catalogTables.map(
    async (name) => [name, decoder.decode(await host.readAsset(`${name}.json`))] as const,
  );
  const shipped = Object.fromEntries(await Promise.all(texts)) as ShippedTables;
  const kept = await host.readKeptPrices?.();
  const { instances, offers, 'spot-interruption': spot } = shipped;
  const tables = (kept === undefined ? undefined : usablePrices(kept, shipped).value) ?? {
    instances,
    offers,
    'spot-interruption': spot,
  };
  return { shipped, tables };
}

/** What is wrong in the new tables and was not in the old ones. */
function newFaults(shipped: ShippedTables, before: PriceTables, after: PriceTables): readonly Problem[] {
  const known = new Set(createCatalog({ ...shipped, ...before }).problems.map(({ message }) => message));
  return createCatalog({ ...shipped, ...after }).problems.filter(({ message }) => !known.has(message));
}

function complain(problems: readonly Problem[], host: CliHost): void {
  for (const { message } of problems.slice(0, mostShown)) host.error(`flopwise: ${message}`);
  if (problems.length > mostShown) host.error(`flopwise: and ${problems.length - mostShown} more of the kind`);
}

function lineOf({ id, updated, added, histories }: Refreshed['sources'][number]): string {
  const parts = [
    [updated, 'confirmed or changed'],
    [added, 'new'],
    [histories, 'spot histories'],
  ].filter(([count]) => Number(count) > 0);
  return `${id}: ${parts.map(([count, what]) => `${count} ${what}`).join(', ') || 'nothing'}`;
}
