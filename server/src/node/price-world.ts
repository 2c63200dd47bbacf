import type { PriceWorld } from '../cli/host.ts';
import { keptPricesPath, writeKept } from './kept-prices.ts';
import { nodeWire } from './price-wire.ts';

/** The network, keys and cache folder of this process. */
export const priceWorld: PriceWorld = {
  wire: (signal) => nodeWire(signal),
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
