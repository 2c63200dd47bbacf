import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readKeptPrices, usablePrices, writeKeptPrices } from '#core/catalog/kept-prices.ts';
import type { PriceTables } from '#core/catalog/merge-snapshot.ts';
import { keptPricesPath, readKept, writeKept } from '#server/node/kept-prices.ts';
import { nodeWire } from '#server/node/price-wire.ts';
import { type RefreshInput, refreshPrices, type Wire } from '../../pricing-data/refresh.ts';
import { sources } from '../../pricing-data/sources/index.ts';
import { readCatalogTables, testCatalog } from '../catalog/load.ts';

const all = readCatalogTables();
const tables: PriceTables = {
  instances: String(all.instances),
  offers: String(all.offers),
  commitments: String(all.commitments),
  'spot-interruption': String(all['spot-interruption']),
};

/** How the server answers: by the order of requests, the last answer again and again. */
type Reply = {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly text: string;
  readonly delay?: number;
};

const azureItem = {
  currencyCode: 'USD',
  retailPrice: 90,
  armRegionName: 'eastus',
  meterName: 'x',
  productName: 'Virtual Machines ND',
  skuName: 'x',
  unitOfMeasure: '1 Hour',
  type: 'Consumption',
  armSkuName: 'Standard_ND96isr_H100_v5',
};
const page = (items: readonly unknown[], next: string | null = null): Reply => ({
  text: JSON.stringify({ Items: items, NextPageLink: next }),
});

let replies: Reply[] = [];
let seen: { readonly path: string; readonly headers: NodeJS.Dict<string | string[]>; readonly body: string }[] = [];
let server: Server;
let base = '';

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => {
      body += String(part);
    });
    request.on('end', () => {
      seen.push({ path: request.url ?? '', headers: request.headers, body });
      const reply = replies.length > 1 ? replies.shift() : replies[0];
      const { status = 200, headers = {}, text, delay = 0 } = reply ?? { text: '' };
      setTimeout(() => response.writeHead(status, headers).end(text), delay);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** The real network code against the local server: hosts are led to it, and answers led back. */
function localWire(timeout = 5000): Wire {
  const hosts = new Map<string, string>();
  const go: typeof fetch = async (address, init) => {
    const url = new URL(String(address));
    hosts.set(url.pathname, url.origin);
    const answer = await fetch(`${base}${url.pathname}${url.search}`, init);
    const came = new URL(answer.url);
    if (came.origin === base)
      Object.defineProperty(answer, 'url', { value: `${hosts.get(came.pathname) ?? base}${came.pathname}` });
    return answer;
  };
  return { ...nodeWire(undefined, { timeout, fetch: go }), wait: () => Promise.resolve() };
}

async function refresh(id: string, given: readonly Reply[], extra: Partial<RefreshInput> = {}) {
  replies = [...given];
  seen = [];
  const chosen = sources
    .filter((source) => source.id === id)
    .map((source) => ({ ...source, requests: source.requests.slice(0, 1) }));
  const { value, problems } = await refreshPrices({
    sources: chosen,
    tables,
    catalog: testCatalog(),
    today: '2026-11-20',
    wire: localWire(),
    keys: {},
    ...extra,
  });
  const messages = problems.filter(({ code }) => code !== 'region-missing').map(({ message }) => message);
  return { value, messages, unchanged: value.tables.offers === tables.offers };
}

describe('a refresh', () => {
  it('follows pages and takes their prices', async () => {
    const next = 'https://prices.azure.com/api/retail/prices?page=2';
    const { value, messages } = await refresh('azure-retail', [
      page([azureItem], next),
      page([{ ...azureItem, armRegionName: 'westeurope', retailPrice: 95 }]),
    ]);
    expect(messages).toEqual([]);
    expect(value.sources).toEqual([{ id: 'azure-retail', updated: 2, added: 0, histories: 0 }]);
    expect(seen.map(({ path }) => path.split('?')[1]?.slice(0, 6))).toEqual(['api-ve', 'page=2']);
  });

  it('sends nothing of the user', async () => {
    await refresh('runpod', [{ text: '{}' }]);
    expect(seen[0]?.body).toMatch(/^\{"query":"\{ gpuTypes/);
    expect(
      Object.keys(seen[0]?.headers ?? {}).filter((name) => /cookie|authorization|referer|origin/.test(name)),
    ).toEqual([]);
  });

  it.each([
    ['429 and then the list', [{ status: 429, headers: { 'retry-after': '1' }, text: '' }, page([azureItem])]],
    ['500 twice and then the list', [{ status: 500, text: '' }, { status: 503, text: 'busy' }, page([azureItem])]],
  ])('waits through %s', async (_, given) => {
    const { value, messages } = await refresh('azure-retail', given);
    expect(messages).toEqual([]);
    expect(value.sources[0]?.updated).toBe(1);
  });

  it.each([
    ['500 for ever', [{ status: 500, text: '' }], 'answered 500 4 times'],
    ['403', [{ status: 403, text: '' }], 'answered 403'],
    ['a wait of a day', [{ status: 429, headers: { 'retry-after': '86400' }, text: '' }], 'asks to wait too long'],
    ['cut JSON', [{ text: JSON.stringify({ Items: [azureItem] }).slice(0, 60) }], 'has no list of items'],
    ['another shape', [{ text: '{"Items":{"a":1}}' }], 'has no list of items'],
    [
      'a second page that fails',
      [page([azureItem], 'https://prices.azure.com/api/retail/prices?page=2'), { status: 404, text: '' }],
      'answered 404',
    ],
    [
      'a way elsewhere',
      [{ status: 302, headers: { location: 'https://elsewhere.example/where' }, text: '' }, page([azureItem])],
      'was sent elsewhere',
    ],
    [
      'pages without end',
      [page([azureItem], 'https://prices.azure.com/api/retail/prices?again')],
      'has more than 200 pages',
    ],
  ])('keeps the prices before it where the answer is %s', async (_, given, reason) => {
    const { messages, unchanged } = await refresh('azure-retail', given);
    expect(messages).toHaveLength(1);
    expect(messages[0]).toContain(reason);
    expect(unchanged).toBe(true);
  });

  it('gives up on an answer that does not come', async () => {
    const { messages, unchanged } = await refresh('azure-retail', [{ text: '', delay: 400 }], { wire: localWire(40) });
    expect(messages[0]).toContain('gave no answer');
    expect(unchanged).toBe(true);
  });

  it('passes over a source without its key, and sends the key where there is one', async () => {
    expect((await refresh('lambda', [{ text: '{}' }])).messages).toEqual([
      "Lambda's instance types need a key in LAMBDA_API_KEY and are passed over.",
    ]);
    expect(seen).toEqual([]);
    await refresh('lambda', [{ text: '{}' }], { keys: { LAMBDA_API_KEY: 'secret' } });
    expect(seen[0]?.headers['authorization']).toBe('Bearer secret');
  });

  it('stops when it is cancelled, and keeps nothing', async () => {
    const { value, unchanged } = await refresh('azure-retail', [page([azureItem])], { cancelled: () => true });
    expect(value.cancelled).toBe(true);
    expect(unchanged).toBe(true);
  });
});

describe('refreshed prices', () => {
  const shipped = { ...tables };
  const kept = (asOf: string, changed: Partial<PriceTables> = {}) =>
    writeKeptPrices({ asOf, tables: { ...tables, ...changed } });

  it('are kept in one file, and nothing is left beside it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'prices-'));
    const path = keptPricesPath({ XDG_CACHE_HOME: folder }, 'linux', '/home/ada');
    await writeKept(path, 'first');
    await writeKept(path, 'second');
    expect(await readdir(join(folder, 'flopwise'))).toEqual(['prices.json']);
    expect(await readKept(path)).toBe('second');
    expect(await readKept(join(folder, 'none'))).toBeUndefined();
    await rm(folder, { recursive: true });
  });

  it('lie in the cache folder of the platform, whatever the folder of the project', () => {
    expect(keptPricesPath({ XDG_CACHE_HOME: 'cache' }, 'linux', '/home/ada')).toBe(
      join('/home/ada', '.cache', 'flopwise', 'prices.json'),
    );
    expect(keptPricesPath({}, 'darwin', '/Users/ada')).toBe(
      join('/Users/ada', 'Library', 'Caches', 'flopwise', 'prices.json'),
    );
  });

  it('stand for the shipped ones where they are newer and whole', () => {
    expect(usablePrices(kept('2026-11-20'), shipped)).toEqual({ value: tables, problems: [] });
    expect(readKeptPrices(kept('2026-11-20'))).toEqual({ asOf: '2026-11-20', tables });
  });

  it.each([
    ['no JSON', '{"format":1,', 'are damaged or of another version'],
    ['another version', '{"format":2}', 'are damaged or of another version'],
    ['no date', kept('lately'), 'are damaged or of another version'],
    ['old', kept('2024-01-01'), 'of 2024-01-01 are older than the shipped ones'],
    ['a cut table', kept('2026-11-20', { offers: tables.offers.slice(0, 900) }), 'have a damaged table of offers'],
    ['another table', kept('2026-11-20', { offers: tables.instances }), 'have a damaged table of offers'],
  ])('give way to the shipped ones: %s', (_, text, reason) => {
    const { value, problems } = usablePrices(text, shipped);
    expect(value).toBeUndefined();
    expect(problems.map(({ message }) => message).join()).toContain(reason);
  });
});
