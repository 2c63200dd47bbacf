import { plainWord, type ShellWord } from '../../evaluate/shell-word.ts';
import type { Span } from '../../source/span.ts';
import { outerSpan, type TextMap, wholeText } from '../../source/text-map.ts';
import { type Flag, flagNamed, readLauncherOptions } from './flag.ts';

/** The `#SBATCH` lines of a script. */
export interface SlurmHeader {
  readonly flags: readonly Flag[];
  /** Comments that stand behind directives, with the flag they stand behind. */
  readonly comments: readonly { readonly text: string; readonly span: Span }[];
  /** Where the header begins. */
  readonly place?: Span;
  /** Where a new directive goes: the end of the last one. */
  readonly end?: Span;
}

const bare = new Set(
  'exclusive requeue no_requeue contiguous overcommit O oversubscribe s spread_job use_min_nodes hold H wait W kill_on_invalid_dep parsable Q quiet v verbose'.split(
    ' ',
  ),
);

/** True for text with a Slurm directive at the start of a line. */
export function hasSlurmHeader(text: string): boolean {
  return /^[ \t]*#SBATCH[ \t]/m.test(text);
}

/**
 * The directives before the first command of a script, long and short options, with `=` or a space, comments taken off.
 * `map` leads to the document where the script stands in a heredoc.
 */
export function readSlurmHeader(text: string, place: string | TextMap): SlurmHeader {
  const map = typeof place === 'string' ? wholeText(place, text.length) : place;
  const flags: Flag[] = [];
  const comments: { text: string; span: Span }[] = [];
  let first: Span | undefined;
  let last: Span | undefined;
  const lines = /[^\n]*(?:\n|$)/g;
  for (let line = lines.exec(text); line && line[0] !== ''; line = lines.exec(text)) {
    const content = line[0].replace(/\r?\n$/, '');
    const directive = /^[ \t]*#SBATCH[ \t]+/.exec(content);
    if (!directive) {
      if (/^\s*(?:#|$)/.test(content)) continue;
      break;
    }
    const comment = /(?:^|\s)#(?!SBATCH).*$/.exec(content.slice(directive[0].length));
    const from = line.index + directive[0].length;
    const to = comment ? from + comment.index : line.index + content.length;
    const words = wordsIn(text, from, to, map);
    const read = readLauncherOptions(words, bare).flags;
    flags.push(...read.map((flag) => ({ ...flag, index: flags.length + flag.index })));
    const span = outerSpan(map, line.index, line.index + content.length);
    first ??= span;
    last = span;
    if (comment) comments.push({ text: comment[0], span: read[0]?.value?.span ?? span });
  }
  return { flags, comments, ...(first ? { place: first } : {}), ...(last ? { end: last } : {}) };
}

function wordsIn(text: string, from: number, to: number, map: TextMap): readonly ShellWord[] {
  const words: ShellWord[] = [];
  const part = /(?:[^\s"'{]|\{\{[^}]*\}\}|\{|"[^"]*"|'[^']*')+/g;
  const raw = text.slice(from, to);
  for (let found = part.exec(raw); found; found = part.exec(raw)) {
    const start = from + found.index;
    const quoted = /^([^"']*)["'](.*)["']$/.exec(found[0]);
    if (!quoted) words.push(plainWord(found[0], outerSpan(map, start, start + found[0].length)));
    else words.push(quotedWord(quoted[1] ?? '', quoted[2] ?? '', start, map));
  }
  return words;
}

/** `--job-name="a b"`: the name and the text within the quotes, each at its place. */
function quotedWord(before: string, inner: string, start: number, map: TextMap): ShellWord {
  const piece = (text: string, at: number) => ({ text, span: outerSpan(map, at, at + text.length), exact: true });
  const pieces = [piece(before, start), piece(inner, start + before.length + 1)].filter((one) => one.text !== '');
  const span = outerSpan(map, start, start + before.length + inner.length + 2);
  return { text: before + inner, span, at: span, exact: pieces.length === 1, pieces };
}

/** The names that Slurm sets for a job with this header. */
export function slurmEnvironment(header: SlurmHeader): ReadonlyMap<string, ShellWord> {
  const environment = new Map<string, ShellWord>();
  const set = (names: readonly string[], flag: Flag | undefined) => {
    const word = flag?.value;
    if (!word || !/^\d+$/.test(word.text)) return;
    for (const name of names) environment.set(name, word);
  };
  const { flags } = header;
  set(['SLURM_JOB_NUM_NODES', 'SLURM_NNODES', 'NNODES', 'NODES', 'NUM_NODES'], flagNamed(flags, 'nodes', 'N'));
  set(['SLURM_NTASKS', 'SLURM_NPROCS'], flagNamed(flags, 'ntasks', 'n'));
  set(['SLURM_NTASKS_PER_NODE'], flagNamed(flags, 'ntasks_per_node'));
  set(['SLURM_GPUS_PER_NODE', 'SLURM_GPUS_ON_NODE'], flagNamed(flags, 'gpus_per_node'));
  set(['SLURM_GPUS'], flagNamed(flags, 'gpus', 'G'));
  set(['SLURM_CPUS_PER_TASK'], flagNamed(flags, 'cpus_per_task', 'c'));
  return environment;
}
