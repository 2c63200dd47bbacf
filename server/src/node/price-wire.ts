import { proxiedFetch, proxyFor } from './proxy.ts';
import { unzipFile } from './unzip.ts';

/** What is sent and what comes back, as `pricing-data/refresh.ts` asks it. */
interface Sent {
  readonly url: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly unzip?: string;
  readonly lines?: LineFilter;
}

interface LineFilter {
  readonly header: string;
  readonly all: readonly string[];
  readonly any: string;
}

interface Came {
  readonly status: number;
  readonly url: string;
  readonly text: string;
  readonly retryAfterSeconds?: number;
}

export interface NodeWire {
  send(request: Sent): Promise<Came>;
  wait(milliseconds: number): Promise<void>;
}

/** How the wire reaches the network. */
export interface WireOptions {
  /** An answer has to begin, and to go on, within so many milliseconds. */
  readonly timeout?: number;
  readonly fetch?: typeof fetch;
  /** Environment with the proxy settings. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

const answerWithin = 60_000;
/** The largest list that is held whole is SkyPilot's for AWS with about 5 MB. */
const largestAnswer = 64 * 1024 * 1024;
/** The largest list that is read line by line is AWS's for one region with about 400 MB. */
const largestList = 4 * 1024 * 1024 * 1024;
const mostRedirects = 3;

/** The network: no cookies, no identification, nothing of the user's but the key of a source that asks for one. */
export function nodeWire(signal?: AbortSignal, options: WireOptions = {}): NodeWire {
  const { timeout = answerWithin, env = process.env } = options;
  return {
    async send(given) {
      const sent = mirrored(given, env['FLOPWISE_PRICES_MIRROR']);
      const watch = watchdog(timeout, signal);
      try {
        const answer = await follow(sent, options.fetch ?? fetchFor(sent.url, env), watch.signal);
        watch.feed();
        const after = Number(answer.headers.get('retry-after') ?? Number.NaN);
        return {
          status: answer.status,
          url: new URL(answer.url || sent.url).origin === new URL(sent.url).origin ? given.url : answer.url,
          text: answer.ok ? await textOf(answer, sent, watch.feed) : '',
          ...(Number.isFinite(after) && { retryAfterSeconds: after }),
        };
      } catch (error) {
        throw new Error(watch.late() ? 'no answer in time' : reasonOf(error));
      } finally {
        watch.end();
      }
    },
    wait: (milliseconds) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, milliseconds);
        signal?.addEventListener('abort', () => {
          clearTimeout(timer);
          resolve();
        });
      }),
  };
}

/**
 * In a closed network the lists may lie on a server of one's own, each under its host's name; a key is for the list's own
 * host alone and is not sent there.
 */
function mirrored(sent: Sent, mirror: string | undefined): Sent {
  if (!mirror || !URL.canParse(mirror)) return sent;
  const { host, pathname, search } = new URL(sent.url);
  return { ...sent, url: `${mirror.replace(/\/$/, '')}/${host}${pathname}${search}`, headers: {} };
}

function fetchFor(url: string, env: Readonly<Record<string, string | undefined>>): typeof fetch {
  const proxy = proxyFor(url, env);
  return proxy ? proxiedFetch(proxy) : fetch;
}

/** A signal that is given when nothing has come for a while, or by the user. */
function watchdog(timeout: number, signal: AbortSignal | undefined) {
  const stop = new AbortController();
  let late = false;
  let timer: NodeJS.Timeout | undefined;
  const feed = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      late = true;
      stop.abort();
    }, timeout);
  };
  feed();
  return {
    signal: AbortSignal.any([stop.signal, ...(signal ? [signal] : [])]),
    feed,
    late: () => late,
    end: () => clearTimeout(timer),
  };
}

/** Asks, and follows redirects within the same host; one to elsewhere is given back as it came, its target as address. */
async function follow({ url, body, headers }: Sent, go: typeof fetch, signal: AbortSignal): Promise<Response> {
  let here = url;
  for (let step = 0; ; step += 1) {
    const answer = await go(here, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        accept: 'application/json, text/csv, */*',
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body }),
      credentials: 'omit',
      redirect: 'manual',
      signal,
    });
    const location = answer.status >= 300 && answer.status < 400 ? answer.headers.get('location') : null;
    if (location === null) return answer;
    await answer.body?.cancel();
    const target = new URL(location, here);
    if (target.origin !== new URL(url).origin)
      return Object.defineProperty(new Response(null, { status: 502 }), 'url', { value: target.href });
    if (step >= mostRedirects) throw new Error('sent round in circles');
    here = target.href;
  }
}

async function textOf(answer: Response, { lines, unzip }: Sent, feed: () => void): Promise<string> {
  if (lines) return keptLines(answer, lines, feed);
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of answer.body ?? []) {
    feed();
    length += part.byteLength;
    if (length > largestAnswer) throw new Error('the answer is too large');
    parts.push(part);
  }
  const bytes = Buffer.concat(parts);
  return unzip === undefined ? bytes.toString('utf8') : unzipFile(bytes, unzip, largestAnswer);
}

/** The lines that count of a text that is never held whole. */
async function keptLines(answer: Response, { header, all, any }: LineFilter, feed: () => void): Promise<string> {
  const pattern = new RegExp(any);
  const decoder = new TextDecoder();
  const kept: string[] = [];
  let rest = '';
  let length = 0;
  let held = 0;
  const take = (line: string) => {
    const counts =
      kept.length === 0 ? line.startsWith(header) : all.every((word) => line.includes(word)) && pattern.test(line);
    if (!counts) return;
    held += line.length;
    if (held > largestAnswer) throw new Error('the answer is too large');
    kept.push(line);
  };
  for await (const part of answer.body ?? []) {
    feed();
    length += part.byteLength;
    if (length > largestList) throw new Error('the answer is too large');
    const lines = (rest + decoder.decode(part, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > largestAnswer) throw new Error('the answer is too large');
    for (const line of lines) take(line);
  }
  if (rest !== '') take(rest);
  return `${kept.join('\n')}\n`;
}

/** `fetch` says only that it failed; what the network said stands in the cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
