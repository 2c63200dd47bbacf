import { describeOverview } from '#core/report/overview.ts';
import { type Say, sayPlain } from '#core/report/words.ts';
import type { Scanned, ScanProgress } from '../../gather/scan.ts';
import { baseName } from '../../gather/uri.ts';
import type { WorkspaceProgress, WorkspaceResult } from '../../protocol.ts';
import { sayWorkload } from '../spoken.ts';
import { toLocation } from '../to-lsp.ts';

/** Every job of the workspace's folders, each once. */
export function viewOverview(scanned: readonly Scanned[], folders: readonly string[], say: Say): WorkspaceResult {
  const workloads = scanned.flatMap((one) => one.workloads);
  const files = new Map(scanned.flatMap((one) => [...one.files]));
  return describeOverview({
    workloads: say === sayPlain ? workloads : workloads.map((one) => sayWorkload(one, say)),
    say,
    show: (uri) => pathIn(uri, folders),
    placeOf(span) {
      const location = toLocation(files, span);
      return location && { uri: location.uri, ...location.range.start };
    },
  });
}

/** The path within its folder, which is named where there are several. */
function pathIn(uri: string, folders: readonly string[]): string {
  const folder = folders.find((one) => uri.startsWith(`${one}/`));
  const path = folder === undefined ? baseName(uri) : decode(uri.slice(folder.length + 1));
  return folder === undefined || folders.length === 1 ? path : `${baseName(folder)}/${path}`;
}

/** A path with its signs back; as it is where it is no well-formed URI. */
function decode(path: string): string {
  return path.replace(/%([0-7][0-9a-f])/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

/** How far a scan is, in words. */
export function viewScanProgress({ stage, done, total }: ScanProgress, say: Say): WorkspaceProgress {
  switch (stage) {
    case 'listing':
      return { text: say('{0} files', done) };
    case 'reading':
      return { text: say('reading {0} of {1} files', done, total), share: (50 * done) / Math.max(1, total) };
    case 'analysing':
      return { text: say('analysing {0} of {1} files', done, total), share: 50 + (50 * done) / Math.max(1, total) };
  }
}
