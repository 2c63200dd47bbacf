import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect as connectPlain } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PriceTables } from '#core/catalog/merge-snapshot.ts';
import { nodeWire } from '#server/node/price-wire.ts';
import { proxiedFetch, proxyFor } from '#server/node/proxy.ts';
import { unzipFile } from '#server/node/unzip.ts';
import { refreshPrices } from '../../pricing-data/refresh.ts';
import { sources } from '../../pricing-data/sources/index.ts';
import { readCatalogTables, testCatalog } from '../catalog/load.ts';
import { answers, awsList, gpuhuntList, zipOf } from './answers.ts';

const all = readCatalogTables();
const tables: PriceTables = {
  instances: String(all.instances),
  offers: String(all.offers),
  commitments: String(all.commitments),
  'spot-interruption': String(all['spot-interruption']),
};
const catalog = testCatalog();

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

let answer: Answer = (_, response) => void response.end();
let seen: IncomingMessage[] = [];
let server: Server;
let base = '';

const listen = async (made: Server) => {
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(made.address() as AddressInfo).port}`;
};

beforeAll(async () => {
  server = createServer((request, response) => {
    seen.push(request);
    request.resume();
    answer(request, response);
  });
  base = await listen(server);
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** The real wire; the hosts of the sources are led to the local server. */
const led: typeof fetch = (address, init) => {
  const url = new URL(String(address));
  return fetch(url.origin === base ? url : `${base}${url.pathname}${url.search}`, init);
};

async function refresh(id: string, given: Answer, timeout = 5000) {
  answer = given;
  seen = [];
  const chosen = sources
    .filter((source) => source.id === id)
    .map((source) => ({ ...source, requests: source.requests.slice(0, 1) }));
  const wire = nodeWire(undefined, { timeout, fetch: led });
  const { value, problems } = await refreshPrices({
    sources: chosen,
    tables,
    catalog,
    today: '2026-11-20',
    wire: {
      ...wire,
      send: async (request) => ({ ...(await wire.send(request)), url: request.url }),
      wait: () => Promise.resolve(),
    },
    keys: { LAMBDA_API_KEY: 'secret', GCP_BILLING_KEY: 'secret' },
  });
  const [brought] = value.sources;
  return {
    taken: (brought?.updated ?? 0) + (brought?.added ?? 0) + (brought?.histories ?? 0),
    messages: problems.filter(({ code }) => code !== 'region-missing').map(({ message }) => message),
    unchanged: value.tables.offers === tables.offers && value.tables.instances === tables.instances,
  };
}

const ids = sources.map(({ id }) => id);

describe.each(ids)('%s over the network', (id) => {
  const { body = '', taken = 0 } = answers[id] ?? {};
  const bytes = Buffer.from(body as string);

  it('gives its prices, and is asked without a word of the user', async () => {
    const result = await refresh(id, (_, response) => void response.end(bytes));
    expect(result.messages).toEqual([]);
    expect(result.taken).toBe(taken);
    const names = Object.keys(seen[0]?.headers ?? {});
    expect(names.filter((name) => /cookie|referer|origin|from/.test(name))).toEqual([]);
    expect(seen[0]?.headers['user-agent'] ?? 'node').not.toMatch(/flopwise|vscode/i);
    const keyed = names.filter((name) => /authorization|api-key/.test(name));
    expect(keyed.length).toBe(['lambda', 'gcp-billing'].includes(id) ? 1 : 0);
  });

  it('waits through 429 and 500, and comes in pieces', async () => {
    let count = 0;
    const result = await refresh(id, (_, response) => {
      count += 1;
      if (count === 1) response.writeHead(429, { 'retry-after': '1' }).end('later');
      else if (count === 2) response.writeHead(500).end('<html>');
      else {
        response.write(bytes.subarray(0, bytes.length / 2));
        setTimeout(() => response.end(bytes.subarray(bytes.length / 2)), 5);
      }
    });
    expect(result).toMatchObject({ messages: [], taken });
  });

  it.each<[string, Answer, RegExp]>([
    ['500 for ever', (_, response) => void response.writeHead(500).end(), /answered 500 4 times/],
    ['cut in the middle', (_, response) => void response.end(bytes.subarray(0, bytes.length / 2)), /./],
    [
      'broken off',
      (_, response) => {
        response.writeHead(200, { 'content-length': bytes.length });
        response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
      },
      /gave no answer/,
    ],
    ['a page for people', (_, response) => void response.end('<!doctype html><title>Sign in</title>'), /./],
    ['another type', (_, response) => void response.end('{"data":7,"Items":"none","skus":{},"offers":null}'), /./],
    ['nothing', (_, response) => void response.end(), /./],
    [
      'elsewhere',
      (_, response) => void response.writeHead(302, { location: 'https://elsewhere.example/x' }).end(),
      /answered 502|sent elsewhere/,
    ],
    [
      'round in circles',
      (request, response) => void response.writeHead(307, { location: request.url }).end(),
      /circles/,
    ],
  ])('keeps the prices before it where the answer is %s', async (_, given, reason) => {
    const { messages, unchanged } = await refresh(id, given);
    expect(messages.length).toBeGreaterThan(0);
    expect(messages[0]).toMatch(reason);
    expect(unchanged).toBe(true);
  });

  it('gives up on a slow one', async () => {
    const { messages, unchanged } = await refresh(id, () => undefined, 30);
    expect(messages[0]).toContain('gave no answer (no answer in time) 4 times');
    expect(unchanged).toBe(true);
  });
});

describe('the wire', () => {
  const send = (given: Answer, more: object = {}, options: object = {}) => {
    answer = given;
    seen = [];
    return nodeWire(undefined, { timeout: 2000, env: {}, ...options }).send({ url: `${base}/list`, ...more });
  };

  it('follows a way within the host with the key, and none to another', async () => {
    const came = await send(
      (request, response) =>
        request.url === '/list' ? void response.writeHead(301, { location: '/new' }).end() : void response.end('here'),
      { headers: { 'x-goog-api-key': 'secret' } },
    );
    expect(came).toMatchObject({ status: 200, text: 'here' });
    expect(seen[1]?.headers['x-goog-api-key']).toBe('secret');
    const other = createServer((_, response) => void response.end('other'));
    const there = await listen(other);
    const away = await send((_, response) => void response.writeHead(302, { location: `${there}/x` }).end());
    expect(away).toMatchObject({ url: `${there}/x`, text: '' });
    expect(away.status).not.toBe(200);
    other.close();
  });

  it('keeps the lines that count of a list that is never held', async () => {
    const many = Array.from({ length: 20_000 }, (_, i) => `"X${i}","OnDemand","Linux","m5.large"`);
    const text = ['"Version","1"', '"SKU","a"', ...many, '"Y","OnDemand","Linux","p5.48xlarge"', ''].join('\n');
    const lines = { header: '"SKU"', all: ['"OnDemand"', '"Linux"'], any: '"p\\d\\.' };
    const came = await send((_, response) => void response.end(text), { lines });
    expect(came.text).toBe('"SKU","a"\n"Y","OnDemand","Linux","p5.48xlarge"\n');
  });

  it('opens archives, and refuses damaged ones', async () => {
    const archive = zipOf('aws.csv', gpuhuntList('a,b'));
    expect(unzipFile(archive, 'aws.csv', 1e6)).toBe(gpuhuntList('a,b'));
    expect(() => unzipFile(archive, 'gcp.csv', 1e6)).toThrow('has no gcp.csv');
    expect(() => unzipFile(archive, 'aws.csv', 10)).toThrow('too large');
    for (let length = 0; length < archive.length; length += 1)
      expect(() => unzipFile(archive.subarray(0, length), 'aws.csv', 1e6)).toThrow();
    for (let at = 0; at < archive.length; at += 1) {
      const damaged = Buffer.from(archive);
      damaged[at] = (damaged[at] ?? 0) ^ 0xff;
      try {
        expect(typeof unzipFile(damaged, 'aws.csv', 1e6)).toBe('string');
      } catch (error) {
        expect(error).toBeInstanceOf(Error);
      }
    }
    await expect(send((_, response) => void response.end(awsList({})), { unzip: 'aws.csv' })).rejects.toThrow(
      'the archive is damaged',
    );
  });
});

describe('a proxy', () => {
  const env = {
    HTTPS_PROXY: 'http://proxy.example:3128',
    no_proxy: 'internal.example, .corp.example,*.dev.example,host.example:8443',
  };
  it.each([
    ['https://prices.azure.com/x', env, 'http://proxy.example:3128/'],
    ['https://internal.example/x', env, undefined],
    ['https://a.corp.example/x', env, undefined],
    ['https://a.dev.example/x', env, undefined],
    ['https://notinternal.example/x', env, 'http://proxy.example:3128/'],
    ['https://host.example/x', env, 'http://proxy.example:3128/'],
    ['https://host.example:8443/x', env, undefined],
    ['http://plain.example/x', env, undefined],
    ['http://plain.example/x', { ALL_PROXY: 'proxy.example:80' }, 'http://proxy.example/'],
    ['https://x.example/', { https_proxy: 'http://a.example', HTTPS_PROXY: 'http://b.example' }, 'http://a.example/'],
    ['https://x.example/', { HTTPS_PROXY: 'http://a.example', NO_PROXY: '*' }, undefined],
    ['https://x.example/', { HTTPS_PROXY: 'socks5://a.example' }, undefined],
    ['https://x.example/', { HTTPS_PROXY: 'not an address' }, undefined],
    ['https://x.example/', {}, undefined],
  ])('for %s by %j is %s', (address, given, expected) => {
    expect(proxyFor(address, given)?.href).toBe(expected);
  });

  it('is asked for plain hosts by their whole address', async () => {
    answer = (request, response) => void response.end(`${request.method} ${request.url}`);
    seen = [];
    const wire = nodeWire(undefined, { timeout: 2000, env: { HTTP_PROXY: base.replace('//', '//ada:p%40ss@') } });
    expect((await wire.send({ url: 'http://prices.example/list?a=1' })).text).toBe(
      'GET http://prices.example/list?a=1',
    );
    expect(seen[0]?.headers).toMatchObject({
      host: 'prices.example',
      'proxy-authorization': `Basic ${Buffer.from('ada:p@ss').toString('base64')}`,
    });
  });

  it('makes a tunnel to secure hosts and tells it the host alone', async () => {
    const asked: string[] = [];
    const proxy = createServer();
    proxy.on('connect', (request, socket) => {
      asked.push(`${request.method} ${request.url}`);
      // What is behind speaks no TLS: the tunnel stands, the greeting fails, and nothing is sent in the clear.
      const behind = connectPlain(Number(new URL(base).port), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        behind.pipe(socket).pipe(behind);
      });
      behind.on('error', () => socket.destroy());
      socket.on('error', () => behind.destroy());
    });
    const there = await listen(proxy);
    seen = [];
    await expect(proxiedFetch(new URL(there))('https://prices.example/secret')).rejects.toThrow();
    expect(asked).toEqual(['CONNECT prices.example:443']);
    expect(seen).toEqual([]);
    proxy.close();
  });

  it('that refuses or is away is named', async () => {
    const proxy = createServer();
    proxy.on('connect', (_, socket) => void socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n'));
    const there = await listen(proxy);
    const wire = (address: string) => nodeWire(undefined, { timeout: 2000, env: { HTTPS_PROXY: address } });
    await expect(wire(there).send({ url: 'https://prices.example/' })).rejects.toThrow(/proxy .* answered 407/);
    proxy.close();
    await expect(wire('http://127.0.0.1:9').send({ url: 'https://prices.example/' })).rejects.toThrow(
      'cannot be reached',
    );
  });
});
