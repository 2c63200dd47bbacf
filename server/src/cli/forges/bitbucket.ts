import { type ApiRequest, at, type Forge, listOf } from './forge.ts';

/** Bitbucket Cloud: comments of a pull request. Its Markdown shows HTML comments, so the mark is a link that nothing refers to. */
export const forge: Forge = {
  id: 'bitbucket',
  rights: 'pullrequest:write',
  tokens: ['BITBUCKET_TOKEN'],
  detects: (env) => env('BITBUCKET_BUILD_NUMBER') !== undefined,
  marker: (tag) => `[flopwise:${tag}]: #`,
  open({ repo, pr, api, env }, token) {
    const name = repo ?? env('BITBUCKET_REPO_FULL_NAME');
    const number = pr ?? env('BITBUCKET_PR_ID');
    if (!name || !/^[^/\s]+\/[^/\s]+$/.test(name)) return { missing: '--repo WORKSPACE/NAME' };
    if (!number || !/^\d+$/.test(number)) return { missing: '--pr NUMBER' };
    const root = (api ?? 'https://api.bitbucket.org/2.0').replace(/\/$/, '');
    const base = `${root}/repositories/${name}/pullrequests/${number}/comments`;
    const headers = { authorization: `Bearer ${token}` };
    const get = (url: string): ApiRequest => ({ method: 'GET', url, headers });
    return {
      name: `bitbucket ${name} #${number}`,
      first: () => get(`${base}?pagelen=100`),
      more: get,
      readPage({ body }) {
        const next = at(body, 'next');
        const comments = listOf(at(body, 'values'))
          .filter((one) => at(one, 'deleted') !== true)
          .map((one) => ({ id: String(at(one, 'id')), body: String(at(one, 'content', 'raw') ?? '') }));
        return { comments, ...(typeof next === 'string' ? { next } : {}) };
      },
      create: (raw) => ({ method: 'POST', url: base, headers, body: { content: { raw } } }),
      update: ({ id }, raw) => ({ method: 'PUT', url: `${base}/${id}`, headers, body: { content: { raw } } }),
    };
  },
};
