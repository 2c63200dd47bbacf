import type { CancellationToken } from 'vscode-languageserver';

/** Where faults are written: the client's log. */
export interface FaultLog {
  error(text: string): void;
}

/** What was asked when a fault happened. */
export interface Asked {
  readonly name: string;
  readonly uri?: string;
  readonly version?: number | undefined;
}

/**
 * Runs a handler; a fault is logged with what was asked and its stack, and answered by `empty`.
 * A cancelled request is answered by `empty` too, so that no stale answer leaves the server. The only place that catches.
 */
export async function safely<T>(
  log: FaultLog,
  asked: Asked,
  empty: T,
  run: () => T | Promise<T>,
  token?: CancellationToken,
): Promise<T> {
  if (token?.isCancellationRequested) return empty;
  try {
    const answer = await run();
    return token?.isCancellationRequested ? empty : answer;
  } catch (fault) {
    log.error(faultText(asked, fault));
    return empty;
  }
}

/** One entry of the log: what was asked, where, and the stack. */
export function faultText(asked: Asked, fault: unknown): string {
  const where = asked.uri ? ` on ${asked.uri}` : '';
  const version = asked.version === undefined ? '' : ` version ${asked.version}`;
  const what = fault instanceof Error ? (fault.stack ?? fault.message) : String(fault);
  return `${asked.name} failed${where}${version}: ${what}`;
}
