/** The folder of a document, without a slash at its end; undefined where the URI has no folder (untitled files). */
export function folderOf(uri: string): string | undefined {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(uri)) return undefined;
  const end = uri.lastIndexOf('/');
  return end > uri.indexOf('//') + 1 ? uri.slice(0, end) : undefined;
}

/** The last part of a URI's path, with its spaces back. */
export function baseName(uri: string): string {
  const path = uri.split(/[?#]/, 1)[0] ?? uri;
  return path.slice(path.lastIndexOf('/') + 1).replaceAll('%20', ' ');
}
