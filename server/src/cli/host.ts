import type { Host } from '#core/host.ts';

/** The world of a command: files, two streams, a clock's date. Paths are as typed, URIs are absolute. */
export interface CliHost extends Host {
  out(text: string): void;
  error(text: string): void;
  /** Absolute `file:` URI of a path as typed. */
  uriOf(path: string): string;
  /** The path to show for a URI, relative to where the command was started. */
  show(uri: string): string;
  /** `file`, `folder` or undefined where nothing is there or it may not be read. */
  kindOf(uri: string): Promise<'file' | 'folder' | undefined>;
  /** URIs of all files below a folder, dependencies, builds and hidden folders left out. */
  walk(uri: string): Promise<readonly string[]>;
  /** Today as an ISO date. */
  today(): string;
  /** Serves the language server over this process' streams until the client ends it. */
  serve(): Promise<void>;
}
