import { catalogTables } from '#core/catalog/decode.ts';
import type { Host } from '#core/host.ts';
import { chosenSources, refreshKept, type ShippedTables } from '../../../pricing-data/refresh-kept.ts';
import type { PriceRefresh, PriceRefreshAnswer } from '../lsp/server-host.ts';
import { keptPricesPath, writeKept } from './kept-prices.ts';
import { nodeWire } from './price-wire.ts';

/** Asks the public price lists for a language server's user and keeps what holds, as `flopwise prices refresh` does. */
export function priceRefresh(host: Host, today: () => string): PriceRefresh {
  return async ({ onStop, progress, proxy, noProxy }): Promise<PriceRefreshAnswer> => {
    const stop = new AbortController();
    const { signal } = stop;
    onStop(() => stop.abort());
    const sources = chosenSources(undefined);
    if (typeof sources === 'string') return { kept: false, message: `no source ${sources}`, lines: [], problems: [] };
    const decoder = new TextDecoder();
    const texts = catalogTables.map(
      async (name) => [name, decoder.decode(await host.readAsset(`${name}.json`))] as const,
    );
    const shipped = Object.fromEntries(await Promise.all(texts)) as ShippedTables;
    // The editor's proxy counts before the environment's, as in the editor itself.
    const env = {
      ...process.env,
      ...(proxy ? { https_proxy: proxy, http_proxy: proxy } : {}),
      ...(noProxy && noProxy.length > 0 ? { no_proxy: noProxy.join(',') } : {}),
    };
    const keys = sources.flatMap(({ key }) =>
      key === undefined ? [] : [[key, process.env[key] || undefined] as const],
    );
    const { text, failure, lines, problems } = await refreshKept({
      sources: sources.filter(({ key }) => key === undefined || process.env[key]),
      shipped,
      kept: await host.readKeptPrices?.(),
      today: today(),
      wire: nodeWire(signal, { env }),
      keys: Object.fromEntries(keys),
      progress,
      cancelled: () => signal.aborted,
    });
    const told = { lines, problems: problems.map(({ message }) => message) };
    if (text === undefined) return { kept: false, message: failure ?? 'nothing is kept', ...told };
    await writeKept(keptPricesPath(), text);
    return { kept: true, message: `prices of ${today()} are in use`, ...told };
  };
}
