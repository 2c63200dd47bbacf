import type { Host } from '#core/host.ts';
import type { RefreshPricesResult } from '../protocol.ts';

/** The world of a server: files and assets, and a timer, which the language itself has not. */
export interface ServerHost extends Host {
  /** True where `readFile` and `readFolder` reach `file:` URIs; else the client is asked. */
  readonly readsDisk: boolean;
  /** Text of UTF-8 bytes. */
  decode(bytes: Uint8Array): string;
  /** Today as an ISO date: prices are judged old or new by it. */
  today(): string;
  /** Milliseconds of a clock that never runs backwards. */
  now(): number;
  /** Asks the public price lists and keeps what holds; absent where the shell has no network of its own. */
  readonly refreshPrices?: PriceRefresh;
  /** Runs something whenever the prices kept for this user have changed on disk; absent where nothing is kept. */
  watchKeptPrices?(changed: () => void): void;
  /** Runs something later, once; the answer takes it back. */
  after(milliseconds: number, run: () => void): () => void;
}

/** What a refresh came to. */
export type PriceRefreshAnswer = RefreshPricesResult;

/** A refresh of prices that its user can stop. */
export type PriceRefresh = (ask: {
  /** Runs something when the user stops it. */
  onStop(run: () => void): void;
  readonly proxy?: string;
  readonly noProxy?: readonly string[];
  progress(label: string, done: number, total: number): void;
}) => Promise<PriceRefreshAnswer>;
