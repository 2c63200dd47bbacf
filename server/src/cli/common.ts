import { exit, KnownError } from './exit.ts';

/** What every command takes besides its own words. */
export interface CommonOptions {
  /** Path of the project file to use in place of those found. */
  readonly config?: string;
  /** Nothing but results and failures. */
  readonly quiet: boolean;
  /** What was read and how long it took, on the error stream. */
  readonly verbose: boolean;
  /** Undefined leaves it to the terminal. */
  readonly color?: boolean;
  /** A model hub may be asked for models that nothing on this machine tells of. */
  readonly hub?: boolean;
}

/** The lines of the help on them. */
export const commonUsage = [
  '--config FILE    this project file in place of every flopwise.yaml that is found',
  '--hub            asks the model hub for models that no table and no file tells of; sends their ids alone',
  '-q, --quiet      only results and failures',
  '-v, --verbose    what was read and how long it took, on the error stream',
  '--no-color       no colours (also NO_COLOR); --color keeps them in a pipe (also FORCE_COLOR)',
] as const;

/** Takes the common options out of a command's words, wherever they stand before a `--`. */
export function takeCommon(words: readonly string[]): {
  readonly options: CommonOptions;
  readonly rest: readonly string[];
} {
  const options: { config?: string; quiet: boolean; verbose: boolean; color?: boolean; hub?: boolean } = {
    quiet: false,
    verbose: false,
  };
  const rest: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (word === '--') return { options, rest: [...rest, ...words.slice(at)] };
    if (word === '-q' || word === '--quiet') options.quiet = true;
    else if (word === '-v' || word === '--verbose') options.verbose = true;
    else if (word === '--hub') options.hub = true;
    else if (word === '--color') options.color = true;
    else if (word === '--no-color') options.color = false;
    else if (word === '--config') {
      at += 1;
      options.config = pathOf(words[at]);
    } else if (word.startsWith('--config=')) options.config = pathOf(word.slice('--config='.length));
    else rest.push(word);
  }
  return { options, rest };
}

function pathOf(word: string | undefined): string {
  if (!word) throw new KnownError('--config needs the path of a project file', exit.usage);
  return word;
}
