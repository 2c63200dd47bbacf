import type { Host } from '#core/host.ts';

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
  /** Runs something later, once; the answer takes it back. */
  after(milliseconds: number, run: () => void): () => void;
}
