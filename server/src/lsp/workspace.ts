import { folderOf } from '../gather/uri.ts';
import type { Documents } from './documents.ts';

/** Says whether a file that a repo names may be read: it must lie in a folder of the workspace, or beside an open document. */
export function insideWorkspace(documents: Documents, folders: () => readonly string[]): (uri: string) => boolean {
  return (uri) => {
    if (/(^|\/)(\.\.|%2e%2e)(\/|$)/i.test(uri)) return false;
    const within = (folder: string) => uri.startsWith(`${folder.replace(/\/$/, '')}/`);
    if (folders().some(within)) return true;
    return documents.all().some((file) => {
      const folder = folderOf(file.uri);
      return folder !== undefined && within(folder);
    });
  };
}
