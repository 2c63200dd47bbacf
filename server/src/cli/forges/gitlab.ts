import { type ApiRequest, at, type Forge, listOf } from './forge.ts';

/** GitLab, hosted or one's own: notes of a merge request. */
export const forge: Forge = {
  id: 'gitlab',
  rights: 'scope api',
  tokens: ['GITLAB_TOKEN'],
  detects: (env) => env('GITLAB_CI') === 'true',
  marker: (tag) => `<!-- flopwise:${tag} -->`,
  open({ repo, pr, api, env }, token) {
    const project = repo ?? env('CI_MERGE_REQUEST_PROJECT_ID') ?? env('CI_PROJECT_ID');
    const number = pr ?? env('CI_MERGE_REQUEST_IID');
    if (!project) return { missing: '--repo GROUP/NAME' };
    if (!number || !/^\d+$/.test(number)) return { missing: '--pr NUMBER' };
    const root = (api ?? env('CI_API_V4_URL') ?? 'https://gitlab.com/api/v4').replace(/\/$/, '');
    const base = `${root}/projects/${encodeURIComponent(project)}/merge_requests/${number}/notes`;
    const headers = { 'private-token': token };
    const page = (at: string): ApiRequest => ({
      method: 'GET',
      url: `${base}?per_page=100&sort=asc&order_by=created_at&page=${at}`,
      headers,
    });
    return {
      name: `gitlab ${project} !${number}`,
      first: () => page('1'),
      more: page,
      readPage(answer) {
        const next = answer.headers['x-next-page'];
        const comments = listOf(answer.body)
          .filter((one) => at(one, 'system') !== true)
          .map((one) => ({ id: String(at(one, 'id')), body: String(at(one, 'body') ?? '') }));
        return { comments, ...(next ? { next } : {}) };
      },
      create: (body) => ({ method: 'POST', url: base, headers, body: { body } }),
      update: ({ id }, body) => ({ method: 'PUT', url: `${base}/${id}`, headers, body: { body } }),
    };
  },
};
