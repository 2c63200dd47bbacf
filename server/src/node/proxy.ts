import { request as requestPlain } from 'node:http';
import { request as requestSecure } from 'node:https';
import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { connect } from 'node:tls';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy for an address by the usual variables: HTTPS_PROXY for https, HTTP_PROXY for http, else ALL_PROXY, in either
 * case; none for the hosts of NO_PROXY. Undefined where the way is direct, or the variable is no http address.
 */
export function proxyFor(address: string, env: Environment): URL | undefined {
  const { protocol, hostname, port } = new URL(address);
  const get = (name: string) => env[name.toLowerCase()] || env[name] || undefined;
  const given = get(protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY') ?? get('ALL_PROXY');
  if (given === undefined || isExempt(hostname, port, get('NO_PROXY') ?? '')) return undefined;
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(given) ? given : `http://${given}`;
  return URL.canParse(text) && /^https?:/i.test(text) ? new URL(text) : undefined;
}

/** NO_PROXY: hosts by name, with or without a leading dot or `*.`, all below them, or `*` for all. */
function isExempt(hostname: string, port: string, list: string): boolean {
  return list
    .split(/[\s,]+/)
    .filter((one) => one !== '')
    .some((one) => {
      if (one === '*') return true;
      const [, host = '', only] = /^(?:\*?\.)?(.*?)(?::(\d+))?$/.exec(one.toLowerCase()) ?? [];
      if (only !== undefined && only !== port) return false;
      return hostname.toLowerCase() === host || hostname.toLowerCase().endsWith(`.${host}`);
    });
}

/** A `fetch` that goes through a proxy: by a tunnel to a secure host, by asking the proxy for a plain one. */
export function proxiedFetch(proxy: URL): typeof fetch {
  return async (input, init = {}) => {
    const url = new URL(String(input));
    const { signal } = init;
    const secure = url.protocol === 'https:';
    const headers = Object.fromEntries(new Headers(init.headers));
    const socket = secure ? await tunnel(proxy, url, signal) : undefined;
    return new Promise<Response>((resolve, reject) => {
      const common = { method: init.method ?? 'GET', ...(signal && { signal }) };
      const sent = socket
        ? requestSecure(url, {
            ...common,
            headers,
            agent: false,
            createConnection: () => connect({ socket, servername: url.hostname }),
          })
        : (proxy.protocol === 'https:' ? requestSecure : requestPlain)(proxy, {
            ...common,
            path: url.href,
            headers: { ...headers, host: url.host, ...authorization(proxy) },
          });
      sent.on('error', reject);
      sent.on('response', (came) => {
        const { statusCode = 502 } = came;
        const empty = statusCode === 204 || statusCode === 304;
        if (empty) came.resume();
        const given = Object.entries(came.headers).flatMap(([name, value]) =>
          typeof value === 'string' ? [[name, value] as [string, string]] : [],
        );
        const body = empty ? null : (Readable.toWeb(came) as ReadableStream<Uint8Array>);
        resolve(
          Object.defineProperty(new Response(body, { status: statusCode, headers: given }), 'url', { value: url.href }),
        );
      });
      sent.end(typeof init.body === 'string' ? init.body : undefined);
    });
  };
}

/** A connection through the proxy to a host. The proxy learns the host's name and nothing else. */
function tunnel(proxy: URL, { hostname, port }: URL, signal: AbortSignal | null | undefined): Promise<Socket> {
  const target = `${hostname}:${port || 443}`;
  return new Promise((resolve, reject) => {
    const asked = (proxy.protocol === 'https:' ? requestSecure : requestPlain)(proxy, {
      method: 'CONNECT',
      path: target,
      headers: { host: target, ...authorization(proxy) },
      agent: false,
      ...(signal && { signal }),
    });
    asked.on('error', (error) => reject(new Error(`the proxy ${proxy.host} cannot be reached: ${error.message}`)));
    asked.on('response', (came) => {
      came.resume();
      reject(new Error(`the proxy ${proxy.host} answered ${came.statusCode}`));
    });
    asked.on('connect', (came, socket: Socket) => {
      if (came.statusCode === 200) resolve(socket);
      else {
        socket.destroy();
        reject(new Error(`the proxy ${proxy.host} answered ${came.statusCode}`));
      }
    });
    asked.end();
  });
}

/** Name and password that stand in the proxy's address. */
function authorization({ username, password }: URL): Readonly<Record<string, string>> {
  if (username === '') return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}` };
}
