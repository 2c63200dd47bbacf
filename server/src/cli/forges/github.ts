import { type ApiRequest, at, type Forge, linked, listOf } from './forge.ts';

/** GitHub and GitHub Enterprise: a pull request's comments are those of its issue. */
export const forge: Forge = {
  id: 'github',
  rights: 'pull-requests: write',
  tokens: ['GITHUB_TOKEN', 'GH_TOKEN'],
  detects: (env) => env('GITHUB_ACTIONS') === 'true',
  marker: (tag) => `<!-- flopwise:${tag} -->`,
  open({ repo, pr, api, env }, token) {
    const name = repo ?? env('GITHUB_REPOSITORY');
    const number = pr ?? /^refs\/pull\/(\d+)\//.exec(env('GITHUB_REF') ?? '')?.[1];
    if (!name || !/^[^/\s]+\/[^/\s]+$/.test(name)) return { missing: '--repo OWNER/NAME' };
    if (!number || !/^\d+$/.test(number)) return { missing: '--pr NUMBER' };
    const base = `${(api ?? env('GITHUB_API_URL') ?? 'https://api.github.com').replace(/\/$/, '')}/repos/${name}/issues`;
    const headers = {
      authorization: `Bearer ${token}`,
      accept: 'application/vnd.github+json',
      'x-github-api-version': '2022-11-28',
    };
    const get = (url: string): ApiRequest => ({ method: 'GET', url, headers });
    return {
      name: `github ${name} #${number}`,
      first: () => get(`${base}/${number}/comments?per_page=100`),
      more: get,
      readPage(answer) {
        const next = linked(answer.headers['link'], 'next');
        const comments = listOf(answer.body).map((one) => ({
          id: String(at(one, 'id')),
          body: String(at(one, 'body') ?? ''),
        }));
        return { comments, ...(next ? { next } : {}) };
      },
      create: (body) => ({ method: 'POST', url: `${base}/${number}/comments`, headers, body: { body } }),
      update: ({ id }, body) => ({ method: 'PATCH', url: `${base}/comments/${id}`, headers, body: { body } }),
    };
  },
};
