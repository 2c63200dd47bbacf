/** The folder of a document, without a slash at its end; undefined where the URI has no folder (untitled files). */
export function folderOf(uri: string): string | undefined {
  // File systems of extensions often have no authority: `memfs:/job/train.py`.
  const rooted = /^[a-z][a-z0-9+.-]*:(?:\/\/[^/]*(?=\/)|(?=\/(?!\/)))/i;
  return rooted.test(uri) ? uri.slice(0, uri.lastIndexOf('/')) : undefined;
}

/** The last part of a URI's path, with its spaces back. */
export function baseName(uri: string): string {
  const path = uri.split(/[?#]/, 1)[0] ?? uri;
  return path.slice(path.lastIndexOf('/') + 1).replaceAll('%20', ' ');
}
