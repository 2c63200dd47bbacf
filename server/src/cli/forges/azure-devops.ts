import { at, type Forge, listOf } from './forge.ts';

const version = 'api-version=7.1';
/** Status of a thread that asks nothing of anybody. */
const closed = 4;

/** Azure DevOps: a thread of its own on the pull request, its first comment is ours. */
export const forge: Forge = {
  id: 'azure-devops',
  rights: 'Code (read and write), or "Contribute to pull requests" for the build service',
  tokens: ['SYSTEM_ACCESSTOKEN', 'AZURE_DEVOPS_TOKEN'],
  detects: (env) => env('TF_BUILD')?.toLowerCase() === 'true',
  marker: (tag) => `<!-- flopwise:${tag} -->`,
  open({ repo, pr, api, env }, token) {
    const collection = api ?? env('SYSTEM_COLLECTIONURI');
    const [project = env('SYSTEM_TEAMPROJECT'), name = env('BUILD_REPOSITORY_ID')] = repo?.split('/') ?? [];
    const number = pr ?? env('SYSTEM_PULLREQUEST_PULLREQUESTID');
    if (!collection) return { missing: '--api https://dev.azure.com/ORGANISATION' };
    if (!project || !name) return { missing: '--repo PROJECT/NAME' };
    if (!number || !/^\d+$/.test(number)) return { missing: '--pr NUMBER' };
    const path = [project, '_apis/git/repositories', name].map((part) =>
      part.split('/').map(encodeURIComponent).join('/'),
    );
    const base = `${collection.replace(/\/$/, '')}/${path.join('/')}/pullRequests/${number}/threads`;
    // The job's own token is a bearer; a personal one goes as the password of no user.
    const personal = env('SYSTEM_ACCESSTOKEN') !== token;
    const headers = { authorization: personal ? `Basic ${btoa(`:${token}`)}` : `Bearer ${token}` };
    return {
      name: `azure-devops ${project}/${name} !${number}`,
      first: () => ({ method: 'GET', url: `${base}?${version}`, headers }),
      more: (url) => ({ method: 'GET', url, headers }),
      readPage: ({ body }) => ({
        comments: listOf(at(body, 'value'))
          .filter((thread) => at(thread, 'isDeleted') !== true)
          .flatMap((thread) => {
            const [first] = listOf(at(thread, 'comments'));
            if (first === undefined || at(first, 'isDeleted') === true) return [];
            return [
              { id: `${at(thread, 'id')}/comments/${at(first, 'id')}`, body: String(at(first, 'content') ?? '') },
            ];
          }),
      }),
      create: (content) => ({
        method: 'POST',
        url: `${base}?${version}`,
        headers,
        body: { comments: [{ parentCommentId: 0, content, commentType: 1 }], status: closed },
      }),
      update: ({ id }, content) => ({ method: 'PATCH', url: `${base}/${id}?${version}`, headers, body: { content } }),
    };
  },
};
