import type { Api, ApiAnswer, ApiRequest, Comment, PullRequest } from './forge.ts';

/** What became of the comment. */
export type Posted = 'created' | 'updated' | 'unchanged';

/** A request that did not go through, in words for the user; the token is never part of them. */
export interface PostFailure {
  readonly failed: string;
}

/** Pages of comments that are looked through for ours. */
const mostPages = 50;
const mostTries = 4;
/** Longer than this nobody waits for a rate limit. */
const longestWait = 60;

/**
 * Keeps one comment on a pull request: the one that carries the mark is brought up to date, else one is made. A request that
 * may have made a comment is not sent again before the comments were looked at again, so that there never are two.
 */
export async function postComment(
  pull: PullRequest,
  body: string,
  marker: string,
  api: Api,
): Promise<Posted | PostFailure> {
  const marked = `${body.trimEnd()}\n\n${marker}\n`;
  for (let round = 0; ; round += 1) {
    const found = await findMarked(pull, marker, api);
    if (found && 'failed' in found) return found;
    if (found?.body.trim() === marked.trim()) return 'unchanged';
    const request = found ? pull.update(found, marked) : pull.create(marked);
    const answer = await tryOnce(request, api);
    if (!('failed' in answer) && isFine(answer)) return found ? 'updated' : 'created';
    const failed = 'failed' in answer ? answer.failed : refusal(answer);
    const again = 'failed' in answer || isPassing(answer);
    if (!again || round + 1 >= mostTries) return { failed };
    if (!(await waitFor('failed' in answer ? undefined : answer, round, api))) return { failed };
  }
}

async function findMarked(pull: PullRequest, marker: string, api: Api): Promise<Comment | PostFailure | undefined> {
  let request: ApiRequest | undefined = pull.first();
  for (let page = 0; request && page < mostPages; page += 1) {
    const answer: ApiAnswer | PostFailure = await sendPatiently(request, api);
    if ('failed' in answer) return answer;
    const { comments, next } = pull.readPage(answer);
    const found = comments.find(({ body }) => body.includes(marker));
    if (found) return found;
    request = next === undefined ? undefined : pull.more(next);
  }
  return undefined;
}

/** Asks again where nothing can be made twice. */
async function sendPatiently(request: ApiRequest, api: Api): Promise<ApiAnswer | PostFailure> {
  for (let round = 0; ; round += 1) {
    const answer = await tryOnce(request, api);
    if (!('failed' in answer) && isFine(answer)) return answer;
    const failed = 'failed' in answer ? answer.failed : refusal(answer);
    if (round + 1 >= mostTries || !('failed' in answer || isPassing(answer))) return { failed };
    if (!(await waitFor('failed' in answer ? undefined : answer, round, api))) return { failed };
  }
}

async function tryOnce(request: ApiRequest, api: Api): Promise<ApiAnswer | PostFailure> {
  return api.send(request).catch((error: unknown) => ({
    failed: `no answer from ${new URL(request.url).host}: ${error instanceof Error ? error.message : String(error)}`,
  }));
}

const isFine = ({ status }: ApiAnswer) => status >= 200 && status < 300;

/** True where the same request may go through later: a limit on requests, or a fault of the server. */
function isPassing({ status, headers }: ApiAnswer): boolean {
  return status === 429 || status >= 500 || (status === 403 && limitOf(headers) !== undefined);
}

/** Waits as the answer asks, else twice as long each time; false where that would be too long. */
async function waitFor(answer: ApiAnswer | undefined, round: number, api: Api): Promise<boolean> {
  const asked = answer && limitOf(answer.headers, api.now());
  const seconds = asked ?? 2 ** round;
  if (seconds > longestWait) return false;
  await api.wait(seconds * 1000);
  return true;
}

/** Seconds until requests count again, as the headers say it. */
function limitOf(headers: ApiAnswer['headers'], now = 0): number | undefined {
  const after = Number(headers['retry-after'] ?? Number.NaN);
  if (Number.isFinite(after)) return Math.max(0, after);
  if (headers['x-ratelimit-remaining'] !== '0') return undefined;
  const reset = Number(headers['x-ratelimit-reset'] ?? Number.NaN);
  return Number.isFinite(reset) ? Math.max(0, reset - now) : undefined;
}

function refusal({ status, body }: ApiAnswer): string {
  const said =
    typeof body === 'object' && body !== null && 'message' in body && typeof body.message === 'string'
      ? `: ${body.message.slice(0, 200)}`
      : '';
  const hint = status === 401 || status === 403 || status === 404 ? ' (does the token have the rights?)' : '';
  return `the server answered ${status}${said}${hint}`;
}
