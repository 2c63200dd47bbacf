import { parseArgs } from 'node:util';
import { catalogTables } from '#core/catalog/decode.ts';
import type { Problem } from '#core/source/problem.ts';
import { chosenSources, refreshKept, type ShippedTables } from '../../../pricing-data/refresh-kept.ts';
import { sources } from '../../../pricing-data/sources/index.ts';
import { type ExitCode, exit, KnownError } from './exit.ts';
import type { CliHost } from './host.ts';

/** What `--help` says of refreshing. */
export const refreshDetails = `flopwise prices refresh asks these lists, and sends no word of your files:
${sources.map(({ id, title, key, large }) => `  ${id.padEnd(18)}${title}${key ? ` (needs a key in ${key})` : ''}${large ? ` (${large}; only with --source)` : ''}`).join('\n')}
What holds is kept in your cache folder (XDG_CACHE_HOME, ~/.cache, ~/Library/Caches or %LOCALAPPDATA%) and is used
in place of the shipped prices until newer ones ship. --dry-run keeps nothing. Ctrl-C stops it and keeps nothing.
HTTPS_PROXY, ALL_PROXY and NO_PROXY count.`;

/** More complaints of one refresh than these are only counted. */
const mostShown = 20;

/** Asks the price lists, holds their prices against those before, and keeps what holds for this user. */
export async function runRefresh(argv: readonly string[], host: CliHost): Promise<ExitCode> {
  const { values } = parseArgs({
    args: [...argv],
    options: { source: { type: 'string', multiple: true }, 'dry-run': { type: 'boolean', default: false } },
  });
  const chosen = chosenSources(values.source);
  if (typeof chosen === 'string')
    throw new KnownError(`--source ${chosen}: one of ${sources.map(({ id }) => id).join(', ')}`, exit.usage);
  const [shipped, kept] = await Promise.all([shippedTables(host), host.readKeptPrices?.()]);
  const { world } = host;
  const { text, failure, lines, problems } = await world.untilInterrupted((signal) =>
    refreshKept({
      sources: chosen,
      shipped,
      kept,
      today: host.today(),
      wire: world.wire(signal),
      keys: Object.fromEntries(chosen.flatMap(({ key }) => (key === undefined ? [] : [[key, world.key(key)]]))),
      progress: (label, done, total) => host.error(`[${done + 1}/${total}] ${label}`),
      cancelled: () => signal.aborted,
    }),
  );
  complain(problems, host);
  for (const line of lines) host.out(line);
  if (text === undefined) throw new KnownError(failure ?? 'nothing is kept');
  host.out(values['dry-run'] ? 'dry run: nothing is kept' : `kept in ${await world.keep(text)}`);
  return exit.fine;
}

async function shippedTables(host: CliHost): Promise<ShippedTables> {
  const decoder = new TextDecoder();
  const texts = catalogTables.map(
    async (name) => [name, decoder.decode(await host.readAsset(`${name}.json`))] as const,
  );
  return Object.fromEntries(await Promise.all(texts)) as ShippedTables;
}

function complain(problems: readonly Problem[], host: CliHost): void {
  for (const { message } of problems.slice(0, mostShown)) host.error(`flopwise: ${message}`);
  if (problems.length > mostShown) host.error(`flopwise: and ${problems.length - mostShown} more of the kind`);
}
