import type { AskHub, Host } from '#core/host.ts';
import type { Wire } from '../../../pricing-data/refresh.ts';
import type { AgentTool } from './agents/tool.ts';
import type { Disk } from './disk.ts';
import type { Api } from './forges/forge.ts';
import type { ReadingThreads, ReadTask } from './read-share.ts';

/** How a word is set off in a terminal. */
export type Style = 'bold' | 'dim' | 'red' | 'yellow' | 'cyan' | 'green';

/** The world of a command: files, two streams, a clock's date. Paths are as typed, URIs are absolute. */
export interface CliHost extends Host {
  /** The program's own version. */
  readonly version: string;
  out(text: string): void;
  error(text: string): void;
  /** Shows how far a long command is, on a terminal alone; the empty text takes it away. */
  progress(text: string): void;
  /** Says what was done and how long it took, where `--verbose` asks for it. */
  verbose(text: string): void;
  /** A text in a style, where the output is a terminal that shows colours; else the text. */
  paint(style: Style, text: string): string;
  /** A text in a style, wherever it goes. */
  painted(style: Style, text: string): string;
  /** Columns of the terminal; undefined where the output goes elsewhere and lines may be of any length. */
  readonly width: number | undefined;
  /** The path of `--config`. */
  readonly config?: string;
  /** Absolute `file:` URI of a path as typed. */
  uriOf(path: string): string;
  /** The path to show for a URI, relative to where the command was started. */
  show(uri: string): string;
  /** `file`, `folder` or undefined where nothing is there or it may not be read. */
  kindOf(uri: string): Promise<'file' | 'folder' | undefined>;
  /** URIs of all files below a folder, dependencies, builds and hidden folders left out. */
  walk(uri: string): Promise<readonly string[]>;
  /** True for a path, by its names alone, that a walk would find. */
  mayBeRead(path: string): boolean;
  /** Runs git in a folder (a `file:` URI), never a program that the repository names. */
  git(words: readonly string[], folder: string, input?: string): Promise<GitAnswer>;
  /** A variable of the environment. */
  env(name: string): string | undefined;
  /** All that is piped in. */
  readInput(): Promise<string>;
  /** The network for the API of a forge, until the signal is given. */
  api(signal: AbortSignal): Api;
  /** Today as an ISO date. */
  today(): string;
  /** A mark by which equal texts, and no others, are known: SHA-256 in hexadecimal. */
  hash(text: string): string;
  /** Mark of the running program itself, so that what one build keeps is not taken for another's. */
  build(): Promise<string>;
  /** Text that an earlier run kept under a path as typed; undefined where there is none, empty where it cannot be ours. */
  kept(path: string): Promise<string | undefined>;
  /** Writes a text to a path as typed, whole or not at all; folders are made. */
  write(path: string, text: string): Promise<void>;
  /** Starts as many threads as there are further processors, which read the files of a task beside this one. */
  readInThreads(task: ReadTask): ReadingThreads;
  /** Large files, for checkpoints. */
  readonly disk: Disk;
  /** Asks a model hub: taken as `askHub` where the user allows it. */
  readonly hub: AskHub;
  /** What a refresh of prices needs besides. */
  readonly world: PriceWorld;
  /**
   * The same world seen from one folder: paths as typed are relative to it, and nothing outside of it is read, whatever a
   * path or a link says. A path that leads out of it is a known failure. Undefined where there is no such folder.
   */
  under(folder: string): Promise<CliHost | undefined>;
  /** Serves tools to an agent over this process' streams until the client ends it. */
  serveTools(tools: readonly AgentTool[]): Promise<void>;
  /** Serves the language server over this process' streams until the client ends it. */
  serve(): Promise<void>;
}

/** What a finished git left. */
export interface GitAnswer {
  readonly code: number;
  readonly out: Uint8Array;
  readonly error: string;
}

/** The network, keys, a place to keep prices in and Ctrl-C: for `prices refresh` alone. */
export interface PriceWorld {
  wire(signal: AbortSignal): Wire;
  /** A key of a price source, by the name that the source gives it. */
  key(name: string): string | undefined;
  /** Keeps refreshed prices in the user's cache folder and answers the path. */
  keep(text: string): Promise<string>;
  /** Runs work with a signal that Ctrl-C gives. */
  untilInterrupted<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T>;
}
