import { parseArgs } from 'node:util';
import { type ExitCode, exit, KnownError } from '../exit.ts';
import { forges } from '../forges/index.ts';
import { postComment } from '../forges/post.ts';
import type { CliHost } from '../host.ts';
import type { Command } from './index.ts';

/** Keeps the cost of a change as one comment on its pull request. */
export const command: Command = {
  name: 'comment',
  usage: 'comment FILE|- [--forge ID] [--repo OWNER/NAME] [--pr NUMBER] [--api URL] [--tag TAG] [--dry-run]',
  summary: 'keep Markdown as one comment on a pull request',
  details: `FILE is Markdown, such as "flopwise diff main --format markdown" prints; - reads it from the standard input.
The comment carries a mark that nobody sees; the next run brings it up to date. Forge, repository and pull request are
taken from the environment of the CI where the options do not say them. The token comes from the environment:
${forges.map(({ id, tokens, rights }) => `  ${id.padEnd(14)}${tokens.join(' or ')} (${rights})`).join('\n')}`,
  run: runComment,
};

async function runComment(argv: readonly string[], host: CliHost): Promise<ExitCode> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      forge: { type: 'string' },
      repo: { type: 'string' },
      pr: { type: 'string' },
      api: { type: 'string' },
      tag: { type: 'string', default: 'cost' },
      'dry-run': { type: 'boolean', default: false },
    },
  });
  const [path, ...more] = positionals;
  if (path === undefined || more.length > 0) throw new KnownError('comment takes one file, or -', exit.usage);
  if (!/^[\w.-]{1,40}$/.test(values.tag))
    throw new KnownError(`--tag ${values.tag}: letters, digits, dots and dashes`, exit.usage);
  if (values.api !== undefined && !/^https?:\/\/[^/\s]/i.test(values.api))
    throw new KnownError(`--api ${values.api}: an address that begins with https://`, exit.usage);
  const env = (name: string) => host.env(name);
  const forge = forges.find(({ id, detects }) => (values.forge === undefined ? detects(env) : id === values.forge));
  if (!forge) {
    const known = forges.map(({ id }) => id).join(', ');
    throw new KnownError(`--forge ${values.forge ?? 'is needed outside a known CI'}: one of ${known}`, exit.usage);
  }
  const body = path === '-' ? await host.readInput() : await host.readFile(host.uriOf(path));
  if (body === undefined) throw new KnownError(`${path}: no such file`);
  if (body.trim() === '') throw new KnownError(`${path === '-' ? 'the input' : path} is empty: nothing to say`);
  const token = forge.tokens.map(env).find((one) => one !== undefined && one !== '');
  const pull = forge.open({ ...values, env }, token ?? '');
  if ('missing' in pull) throw new KnownError(`comment needs ${pull.missing}`, exit.usage);
  const marker = forge.marker(values.tag);
  if (values['dry-run']) {
    host.out(`${body.trimEnd()}\n\n${marker}`);
    host.error(`flopwise: dry run: this would be kept on ${pull.name}`);
    return exit.fine;
  }
  if (token === undefined)
    throw new KnownError(`comment needs a token in ${forge.tokens.join(' or ')} (${forge.rights})`);
  const posted = await host.world.untilInterrupted((signal) => postComment(pull, body, marker, host.api(signal)));
  if (typeof posted === 'object') throw new KnownError(`${pull.name}: ${posted.failed}; a token needs ${forge.rights}`);
  host.error(`flopwise: comment ${posted} on ${pull.name}`);
  return exit.fine;
}
