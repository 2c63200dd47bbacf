import type { PriceWorld } from '../cli/host.ts';
import { keptPricesPath, writeKept } from './kept-prices.ts';
import { nodeWire } from './price-wire.ts';

/** The network, keys and cache folder of this process. */
export const priceWorld: PriceWorld = {
  ...cautionOf(process.env),
  wire: nodeWire,
  key: (name) => process.env[name] || undefined,
  async keep(text) {
    const path = keptPricesPath();
    await writeKept(path, text);
    return path;
  },
  async untilInterrupted(work) {
    const stop = new AbortController();
    const interrupt = () => stop.abort();
    process.once('SIGINT', interrupt);
    try {
      return await work(stop.signal);
    } finally {
      process.off('SIGINT', interrupt);
    }
  },
};

/** Node's own `fetch` goes through a proxy only where it is told to, and from version 24 on. */
function cautionOf(env: Readonly<Record<string, string | undefined>>): { readonly caution?: string } {
  const name = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'].find((one) => env[one]);
  if (!name || env['NODE_USE_ENV_PROXY'] === '1' || process.execArgv.includes('--use-env-proxy')) return {};
  return { caution: `${name} is set but not used: it counts with Node 24 or newer and NODE_USE_ENV_PROXY=1` };
}
