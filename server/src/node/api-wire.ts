import type { Api } from '../cli/forges/forge.ts';
import { proxiedFetch, proxyFor } from './proxy.ts';

const answerWithin = 30_000;

/** The network for the API of a forge: JSON both ways, the user's proxy, no redirects, no retries. */
export function apiWire(signal: AbortSignal, env: Readonly<Record<string, string | undefined>> = process.env): Api {
  return {
    async send({ method, url, headers, body }) {
      const proxy = proxyFor(url, env);
      const go = proxy ? proxiedFetch(proxy) : fetch;
      const answer = await go(url, {
        method,
        headers: {
          ...headers,
          'user-agent': 'flopwise',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        // A token must not follow a redirect to another host.
        redirect: 'manual',
        signal: AbortSignal.any([signal, AbortSignal.timeout(answerWithin)]),
      });
      const text = await answer.text();
      return { status: answer.status, headers: Object.fromEntries(answer.headers), body: parsed(text) };
    },
    wait: (milliseconds) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, milliseconds);
        signal.addEventListener('abort', () => {
          clearTimeout(timer);
          resolve();
        });
      }),
    now: () => Date.now() / 1000,
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
