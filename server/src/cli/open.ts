import type { Host } from '#core/host.ts';
import { openSource, type Unreadable } from '#core/source/open.ts';
import type { SourceFile } from '#core/source/source-file.ts';

/** A document as the disk has it; a reason where it is none that can be read. */
export async function openFile(uri: string, host: Host): Promise<SourceFile | Unreadable> {
  const text = await host.readFile(uri);
  return text === undefined ? { reason: 'cannot be read' } : openSource(uri, 0, text);
}
