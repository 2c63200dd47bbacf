import { isSource, openSource } from '#core/source/open.ts';
import type { SourceFile } from '#core/source/source-file.ts';
import { KnownError } from './exit.ts';
import type { CliHost } from './host.ts';

/** Larger blobs are no code. */
const largestBlob = 8 * 1024 * 1024;

/** A repository as git knows it, without its work tree being touched. */
export interface Repository {
  /** URI of its top folder, ending in a slash. */
  readonly root: string;
  /** Every file of a revision below a folder that a reader could read. */
  filesAt(revision: string, folder: string): Promise<ReadonlyMap<string, SourceFile>>;
  /** URIs before to URIs after of files that git sees as renamed; against the work tree where no second revision is given. */
  renamed(base: string, head: string | undefined): Promise<ReadonlyMap<string, string>>;
  /** The full name of a commit; a word that names none is a known error. */
  resolve(revision: string): Promise<string>;
}

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** Opens the repository that holds a folder. */
export async function openRepository(folder: string, host: CliHost): Promise<Repository> {
  const git = async (words: readonly string[], input?: string) => {
    const answer = await host.git(words, folder, input);
    if (answer.code !== 0) throw new KnownError(`git ${words[0]}: ${answer.error.trim().split('\n')[0] ?? 'failed'}`);
    return answer.out;
  };
  const top = text(await git(['rev-parse', '--show-toplevel'])).trim();
  const root = `${host.uriOf(top)}/`;
  const opened = new Map<string, SourceFile | undefined>();

  const list = async (revision: string, below: string) => {
    const out = text(await git(['ls-tree', '-r', '-z', '-l', '--full-tree', revision]));
    return out.split('\0').flatMap((line) => {
      const [, type, id, size, path] = /^\d+ (\w+) ([0-9a-f]+) +(\d+|-)\t(.*)$/s.exec(line) ?? [];
      if (type !== 'blob' || !id || !path || Number(size) > largestBlob || !host.mayBeRead(path)) return [];
      const uri = host.uriOf(`${top}/${path}`);
      return uri.startsWith(below) ? [{ id, uri }] : [];
    });
  };

  return {
    root,
    async filesAt(revision, below) {
      const listed = await list(revision, below);
      const unread = listed.filter(({ id, uri }) => !opened.has(`${id} ${uri}`));
      const blobs = readBatch(await git(['cat-file', '--batch'], unread.map(({ id }) => `${id}\n`).join('')));
      for (const [at, { id, uri }] of unread.entries()) {
        const file = openSource(uri, 0, text(blobs[at] ?? new Uint8Array()));
        opened.set(`${id} ${uri}`, isSource(file) ? file : undefined);
      }
      const files = listed.flatMap(({ id, uri }) => {
        const file = opened.get(`${id} ${uri}`);
        return file ? [[uri, file] as const] : [];
      });
      return new Map(files);
    },
    async renamed(base, head) {
      const words = ['diff', '--no-ext-diff', '--no-textconv', '--name-status', '-M', '-z', '--diff-filter=R', base];
      const parts = text(await git(head === undefined ? words : [...words, head])).split('\0');
      const found = new Map<string, string>();
      for (let at = 0; at + 2 < parts.length; at += 3) {
        found.set(host.uriOf(`${top}/${parts[at + 1]}`), host.uriOf(`${top}/${parts[at + 2]}`));
      }
      return found;
    },
    async resolve(revision) {
      const answer = await host.git(
        ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`],
        folder,
      );
      if (answer.code !== 0) throw new KnownError(`${revision} is no revision of this repository`);
      return text(answer.out).trim();
    },
  };
}

/** The contents in the answer of `git cat-file --batch`, in the order asked. */
function readBatch(out: Uint8Array): readonly Uint8Array[] {
  const blobs: Uint8Array[] = [];
  let at = 0;
  while (at < out.length) {
    const end = out.indexOf(10, at);
    if (end < 0) break;
    const size = Number(text(out.subarray(at, end)).split(' ')[2]);
    const length = Number.isInteger(size) ? size : -1;
    blobs.push(out.subarray(end + 1, end + 1 + Math.max(0, length)));
    // An object that is missing answers one line and no content.
    at = end + 1 + (length < 0 ? 0 : length + 1);
  }
  return blobs;
}
