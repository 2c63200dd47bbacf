import type { Catalog } from '#core/catalog/catalog.ts';
import { mergeSnapshot, type PriceTables } from '#core/catalog/merge-snapshot.ts';
import type { Snapshot, SourceAnswer } from '#core/catalog/snapshot.ts';
import type { Outcome, Problem } from '#core/source/problem.ts';
import type { PriceRequest, PriceSource } from './sources/source.ts';

/** An answer as it came. */
export interface WireAnswer {
  readonly status: number;
  /** Address that answered in the end, after redirects. */
  readonly url: string;
  readonly text: string;
  /** What the server asks to wait before the next try. */
  readonly retryAfterSeconds?: number;
}

/**
 * The network and the clock, as the shell gives them. `send` rejects where nothing answers in time. An address of another
 * host that an answer sends to is not followed but given back as `url`.
 */
export interface Wire {
  send(request: PriceRequest & { readonly headers?: Readonly<Record<string, string>> }): Promise<WireAnswer>;
  wait(milliseconds: number): Promise<void>;
}

export interface RefreshInput {
  readonly sources: readonly PriceSource[];
  readonly tables: PriceTables;
  readonly catalog: Catalog;
  /** ISO date that the new prices get. */
  readonly today: string;
  readonly wire: Wire;
  /** Keys by the names that sources give them. */
  readonly keys: Readonly<Record<string, string | undefined>>;
  /** Told before each request. */
  progress?(label: string, done: number, total: number): void;
  cancelled?(): boolean;
}

/** The tables after a refresh, and what each source brought. */
export interface Refreshed {
  readonly tables: PriceTables;
  readonly sources: readonly {
    readonly id: string;
    readonly updated: number;
    readonly added: number;
    readonly histories: number;
  }[];
  /** Stopped by the user: nothing is to be kept. */
  readonly cancelled: boolean;
}

/** Tries of one request: the first, and again after answers that say "later". */
const tries = 4;
const firstWait = 1000;
/** A server that asks for a longer wait than this is left alone. */
const longestWait = 60_000;
/** Pages of one request; a list that never ends is cut here and refused. */
const mostPages = 200;

/**
 * Asks every source and puts what holds into the tables. A request whose pages do not all come gives nothing, so that a
 * cut list never looks like fewer prices; the prices before it stay. Second-hand lists are merged first and so give way
 * to a provider's own. Sources that need a key and have none are passed over, and said so.
 */
export async function refreshPrices(input: RefreshInput): Promise<Outcome<Refreshed>> {
  const { keys, today, catalog } = input;
  const problems: Problem[] = [];
  const usable = input.sources.filter(({ key, title }) => {
    if (key === undefined || keys[key]) return true;
    problems.push({ code: 'source-key', message: `${title} need a key in ${key} and are passed over.` });
    return false;
  });
  const ordered = [...usable].sort((a, b) => Number(b.secondHand ?? false) - Number(a.secondHand ?? false));
  const total = ordered.reduce((sum, { requests }) => sum + requests.length, 0);
  const done: Refreshed['sources'][number][] = [];
  // A host that gave no answer at all is not asked again for its other lists.
  const silent = new Map<string, string>();
  let { tables } = input;
  let count = 0;
  for (const source of ordered) {
    const answers: SourceAnswer[] = [];
    for (const request of source.requests) {
      if (input.cancelled?.()) return { value: { tables: input.tables, sources: [], cancelled: true }, problems };
      input.progress?.(request.label, count, total);
      count += 1;
      answers.push(await pagesOf(source, request, input, silent));
    }
    problems.push(...answers.flatMap((answer) => answer.problems));
    const snapshot = snapshotOf(source, answers, today, catalog);
    const { value, problems: refused } = mergeSnapshot(tables, snapshot, catalog);
    tables = value.tables;
    problems.push(...refused);
    done.push({
      id: source.id,
      updated: value.updated,
      added: value.added,
      histories: snapshot.histories?.length ?? 0,
    });
  }
  return { value: { tables, sources: done, cancelled: false }, problems };
}

function snapshotOf(source: PriceSource, answers: readonly SourceAnswer[], today: string, catalog: Catalog): Snapshot {
  const histories = answers.flatMap((answer) => answer.histories ?? []);
  const composed = source.compose?.(
    answers.flatMap((answer) => answer.parts ?? []),
    catalog.instances,
  );
  const terms = [...answers.flatMap((answer) => answer.terms ?? []), ...(composed?.terms ?? [])];
  return {
    source: source.title,
    asOf: today,
    offers: [...answers.flatMap(({ offers }) => offers), ...(composed?.offers ?? [])],
    ...(terms.length > 0 && { terms }),
    ...(histories.length > 0 && { histories: histories.map((one) => ({ ...one, source: source.title, asOf: today })) }),
  };
}

/** All pages of a request as one answer; nothing but the reason where one of them does not come. */
async function pagesOf(
  source: PriceSource,
  first: PriceRequest,
  input: RefreshInput,
  silent: Map<string, string>,
): Promise<SourceAnswer> {
  const pages: SourceAnswer[] = [];
  let request: PriceRequest | undefined = first;
  while (request) {
    if (pages.length >= mostPages) return failed(first, `has more than ${mostPages} pages`);
    const answer: string | { readonly reason: string } = await textOf(source, request, input, silent);
    if (typeof answer !== 'string') return failed(first, answer.reason);
    const page = source.read(answer, first);
    if (page.offers.length === 0 && !page.histories && !page.parts && !page.terms && page.problems.length > 0)
      return { offers: [], problems: page.problems };
    pages.push(page);
    request = page.next === undefined ? undefined : { url: page.next, label: first.label };
  }
  const histories = pages.flatMap((page) => page.histories ?? []);
  const parts = pages.flatMap((page) => page.parts ?? []);
  const terms = pages.flatMap((page) => page.terms ?? []);
  return {
    ...(parts.length > 0 && { parts }),
    ...(terms.length > 0 && { terms }),
    offers: pages.flatMap(({ offers }) => offers),
    ...(histories.length > 0 && { histories }),
    problems: pages.flatMap(({ problems }) => problems),
  };
}

/** The text of an answer, asked for again where the server says later; else why there is none. */
async function textOf(
  source: PriceSource,
  request: PriceRequest,
  { wire, keys, cancelled }: RefreshInput,
  silent: Map<string, string>,
): Promise<string | { readonly reason: string }> {
  const headers = keyHeaders(source, keys);
  const host = originOf(request.url);
  const known = silent.get(host);
  if (known !== undefined) return { reason: known };
  let reason = '';
  let answered = false;
  for (let attempt = 0; attempt < tries; attempt++) {
    if (cancelled?.()) return { reason: 'was cancelled' };
    let wait = firstWait * 2 ** attempt;
    try {
      const answer = await wire.send({ ...request, headers });
      answered = true;
      if (originOf(answer.url) !== host) return { reason: `was sent elsewhere (${originOf(answer.url)})` };
      if (answer.status >= 200 && answer.status < 300) return answer.text;
      reason = `answered ${answer.status}`;
      if (answer.status !== 429 && answer.status < 500) return { reason };
      if (answer.retryAfterSeconds !== undefined) wait = answer.retryAfterSeconds * 1000;
    } catch (error) {
      reason = `gave no answer (${error instanceof Error ? error.message : String(error)})`;
    }
    if (wait > longestWait) return { reason: `${reason} and asks to wait too long` };
    if (attempt + 1 < tries) await wire.wait(wait);
  }
  if (!answered) silent.set(host, `${reason} before`);
  return { reason: `${reason} ${tries} times` };
}

/** The key of a source that asks for one, as it wants it. */
function keyHeaders({ key, keyHeader }: PriceSource, keys: RefreshInput['keys']): Readonly<Record<string, string>> {
  const value = key === undefined ? undefined : keys[key];
  if (!value) return {};
  return keyHeader === undefined ? { authorization: `Bearer ${value}` } : { [keyHeader]: value };
}

function failed({ label }: PriceRequest, reason: string): SourceAnswer {
  return {
    offers: [],
    problems: [{ code: 'source-failed', message: `${label} ${reason}; its prices are left as they are.` }],
  };
}

/** Scheme, host and port of an address. */
function originOf(url: string): string {
  return /^[a-z]+:\/\/[^/?#]+/i.exec(url)?.[0].toLowerCase() ?? url;
}
