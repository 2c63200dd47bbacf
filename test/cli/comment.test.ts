import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { flopwise } from './run.ts';

/** A server that keeps comments as each forge does: its paths, its shapes, its paging, and faults where a test asks for them. */
interface Kept {
  id: number;
  body: string;
}

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

let server: Server;
let base = '';
let folder = '';
let kept: Kept[] = [];
let asked: Asked[] = [];
/** Answers given before the real one, each once. */
let faults: {
  readonly when: string;
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly after?: boolean;
}[] = [];
const pageSize = 2;

interface Shape {
  readonly env: Readonly<Record<string, string>>;
  readonly list: RegExp;
  readonly one: RegExp;
  readonly update: string;
  readonly token: Readonly<Record<string, string>>;
  page(
    all: readonly Kept[],
    number: number,
    url: URL,
  ): { readonly body: unknown; readonly headers?: Record<string, string> };
  bodyOf(sent: unknown): unknown;
}

const slice = (all: readonly Kept[], number: number) => all.slice((number - 1) * pageSize, number * pageSize);
const hasMore = (all: readonly Kept[], number: number) => number * pageSize < all.length;
const field = (value: unknown, key: string) => (value as Record<string, unknown>)[key];

const shapes: Readonly<Record<string, Shape>> = {
  github: {
    env: {
      GITHUB_ACTIONS: 'true',
      GITHUB_REPOSITORY: 'o/r',
      GITHUB_REF: 'refs/pull/7/merge',
      GITHUB_TOKEN: 'secret-1',
    },
    list: /^\/repos\/o\/r\/issues\/7\/comments$/,
    one: /^\/repos\/o\/r\/issues\/comments\/(\d+)$/,
    update: 'PATCH',
    token: { authorization: 'Bearer secret-1', 'x-github-api-version': '2022-11-28' },
    page: (all, number, url) => {
      const next = new URL(url);
      next.searchParams.set('page', String(number + 1));
      return {
        body: slice(all, number).map(({ id, body }) => ({ id, body, user: { login: 'x' } })),
        ...(hasMore(all, number) ? { headers: { link: `<${next.href}>; rel="next", <${url.href}>; rel="last"` } } : {}),
      };
    },
    bodyOf: (sent) => field(sent, 'body'),
  },
  gitlab: {
    env: { GITLAB_CI: 'true', CI_PROJECT_ID: '42', CI_MERGE_REQUEST_IID: '7', GITLAB_TOKEN: 'secret-1' },
    list: /^\/projects\/42\/merge_requests\/7\/notes$/,
    one: /^\/projects\/42\/merge_requests\/7\/notes\/(\d+)$/,
    update: 'PUT',
    token: { 'private-token': 'secret-1' },
    page: (all, number) => ({
      body: slice(all, number).map(({ id, body }) => ({ id, body, system: false })),
      headers: { 'x-next-page': hasMore(all, number) ? String(number + 1) : '' },
    }),
    bodyOf: (sent) => field(sent, 'body'),
  },
  'azure-devops': {
    env: {
      TF_BUILD: 'True',
      SYSTEM_TEAMPROJECT: 'my project',
      BUILD_REPOSITORY_ID: 'guid',
      SYSTEM_PULLREQUEST_PULLREQUESTID: '7',
      SYSTEM_ACCESSTOKEN: 'secret-1',
    },
    list: /^\/my%20project\/_apis\/git\/repositories\/guid\/pullRequests\/7\/threads$/,
    one: /^\/my%20project\/_apis\/git\/repositories\/guid\/pullRequests\/7\/threads\/(\d+)\/comments\/1$/,
    update: 'PATCH',
    token: { authorization: 'Bearer secret-1' },
    page: (all) => ({
      body: {
        value: all.map(({ id, body }) => ({
          id,
          isDeleted: false,
          comments: [{ id: 1, content: body, isDeleted: false }],
        })),
        count: all.length,
      },
    }),
    bodyOf: (sent) => field((field(sent, 'comments') as unknown[] | undefined)?.[0] ?? sent, 'content'),
  },
  bitbucket: {
    env: {
      BITBUCKET_BUILD_NUMBER: '1',
      BITBUCKET_REPO_FULL_NAME: 'w/r',
      BITBUCKET_PR_ID: '7',
      BITBUCKET_TOKEN: 'secret-1',
    },
    list: /^\/repositories\/w\/r\/pullrequests\/7\/comments$/,
    one: /^\/repositories\/w\/r\/pullrequests\/7\/comments\/(\d+)$/,
    update: 'PUT',
    token: { authorization: 'Bearer secret-1' },
    page: (all, number, url) => {
      const next = new URL(url);
      next.searchParams.set('page', String(number + 1));
      return {
        body: {
          values: slice(all, number).map(({ id, body }) => ({ id, deleted: false, content: { raw: body } })),
          ...(hasMore(all, number) ? { next: next.href } : {}),
        },
      };
    },
    bodyOf: (sent) => field(field(sent, 'content'), 'raw'),
  },
};

let shape: Shape;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'flopwise-comment-'));
  writeFileSync(join(folder, 'one.md'), '### Cost of jobs: 1 changed\n');
  writeFileSync(join(folder, 'two.md'), '### Cost of jobs: 2 changed\n');
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => {
      body += String(part);
    });
    request.on('end', () => {
      const url = new URL(request.url ?? '/', base);
      const method = request.method ?? '';
      asked.push({ method, path: url.pathname, headers: request.headers, body });
      const give = (status: number, value: unknown, headers: Record<string, string> = {}) =>
        response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));
      const fault = faults.find(({ when }) => when === method);
      if (fault) faults = faults.filter((one) => one !== fault);
      if (fault && !fault.after) return give(fault.status, { message: 'slow down' }, fault.headers);
      if (method === 'GET' && shape.list.test(url.pathname)) {
        const { body: value, headers } = shape.page(kept, Number(url.searchParams.get('page') ?? 1), url);
        return give(200, value, headers);
      }
      const text = body === '' ? undefined : shape.bodyOf(JSON.parse(body));
      if (method === 'POST' && shape.list.test(url.pathname) && typeof text === 'string') {
        kept.push({ id: kept.length + 100, body: text });
        return fault ? give(fault.status, {}) : give(201, { id: kept.length + 99 });
      }
      const [, id] = shape.one.exec(url.pathname) ?? [];
      const found = kept.find((one) => String(one.id) === id);
      if (method === shape.update && found && typeof text === 'string') {
        found.body = text;
        return give(200, { id: found.id });
      }
      return give(404, { message: 'Not Found' });
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  asked = [];
  faults = [];
  kept = [1, 2, 3].map((id) => ({ id, body: `somebody's words ${id}` }));
});

const clean = { GITHUB_ACTIONS: '', GITLAB_CI: '', TF_BUILD: '', HTTP_PROXY: '', http_proxy: '', ALL_PROXY: '' };
const post = (file: string, ...words: readonly string[]) =>
  flopwise(['comment', join(folder, file), '--api', base, ...words], '.', { ...clean, ...shape.env });

describe.each(Object.keys(shapes))('a comment on %s', (id) => {
  beforeEach(() => {
    shape = shapes[id] as Shape;
  });

  test('is made once, brought up to date, and left alone where it says the same', async () => {
    expect((await post('one.md')).error).toContain('comment created');
    expect(kept).toHaveLength(4);
    expect((await post('two.md')).error).toContain('comment updated');
    expect((await post('two.md')).error).toContain('comment unchanged');
    expect(kept).toHaveLength(4);
    expect(kept[3]?.body).toContain('2 changed');
    expect(asked[0]?.headers).toMatchObject(shape.token);
    expect(asked.map(({ method }) => method)).not.toContain('DELETE');
    expect((await post('one.md', '--tag', 'other')).error).toContain('comment created');
    expect(kept).toHaveLength(5);
  });

  test('waits where the server asks, and never makes two where an answer was lost', async () => {
    faults = [
      { when: 'GET', status: 429, headers: { 'retry-after': '0' } },
      { when: 'POST', status: 502, after: true },
    ];
    const { code, error } = await post('one.md');
    expect({ code, error }).toMatchObject({ code: 0, error: expect.stringMatching(/comment (unchanged|created)/) });
    expect(kept.filter(({ body }) => body.includes('1 changed'))).toHaveLength(1);
  });

  test('says which rights are missing, and never the token', async () => {
    faults = [{ when: 'POST', status: 403 }];
    const { code, error, out } = await post('one.md');
    expect(code).toBe(2);
    expect(error).toMatch(/answered 403: slow down \(does the token have the rights\?\)/);
    expect(error + out).not.toContain('secret-1');
  });

  test('is only shown by a dry run', async () => {
    const { code, out } = await post('one.md', '--dry-run');
    expect(code).toBe(0);
    expect(out).toContain('1 changed');
    expect(out).toContain('flopwise:cost');
    expect(asked).toEqual([]);
  });
});

describe('comment', () => {
  test('says what it lacks', async () => {
    shape = shapes['github'] as Shape;
    expect(await flopwise(['comment', join(folder, 'one.md')], '.', clean)).toMatchObject({
      code: 64,
      error: expect.stringContaining('--forge'),
    });
    expect(await post('missing.md')).toMatchObject({ code: 2, error: expect.stringContaining('no such file') });
    expect(await post('one.md', '--api', 'nowhere')).toMatchObject({
      code: 64,
      error: expect.stringContaining('https://'),
    });
    const bare = await flopwise(['comment', join(folder, 'one.md'), '--forge', 'gitlab'], '.', clean);
    expect(bare).toMatchObject({ code: 64, error: expect.stringContaining('--repo GROUP/NAME') });
    const tokenless = ['comment', join(folder, 'one.md'), '--forge', 'gitlab', '--repo', 'a/b', '--pr', '1'];
    expect((await flopwise(tokenless, '.', { ...clean, GITLAB_TOKEN: '' })).error).toContain('a token in GITLAB_TOKEN');
  });
});
