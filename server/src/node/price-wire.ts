/** What is sent and what comes back, as `pricing-data/refresh.ts` asks it. */
interface Sent {
  readonly url: string;
  readonly body?: string;
  readonly bearer?: string;
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

/** An answer has to come whole within this time. */
const answerWithin = 60_000;
/** The largest list is SkyPilot's for AWS with about 5 MB. */
const largestAnswer = 64 * 1024 * 1024;

/** The network by `fetch`: no cookies, no identification, nothing of the user's but the key of a source that asks for one. */
export function nodeWire(signal?: AbortSignal, timeout = answerWithin, go: typeof fetch = fetch): NodeWire {
  const within = () => AbortSignal.any([AbortSignal.timeout(timeout), ...(signal ? [signal] : [])]);
  return {
    async send({ url, body, bearer }) {
      const answer = await go(url, {
        method: body === undefined ? 'GET' : 'POST',
        headers: {
          accept: 'application/json, text/csv, */*',
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
        },
        ...(body !== undefined && { body }),
        credentials: 'omit',
        signal: within(),
      }).catch((error: unknown) => {
        throw new Error(reasonOf(error));
      });
      const text = await answer.text();
      if (text.length > largestAnswer) throw new Error('the answer is too large');
      const after = Number(answer.headers.get('retry-after') ?? Number.NaN);
      return {
        status: answer.status,
        url: answer.url,
        text,
        ...(Number.isFinite(after) && { retryAfterSeconds: after }),
      };
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

/** `fetch` says only that it failed; what the network said stands in the cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
