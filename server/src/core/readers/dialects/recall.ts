import type { SourceFile } from '../../source/source-file.ts';
import type { ReadContext } from '../reader.ts';

/** Answers what was made of a file before, else makes it; the answer is the same either way. */
export type Recall<T> = (file: SourceFile, context: ReadContext, make: (context: ReadContext) => T) => T;

/** A file that was asked for, and what came of it. */
interface Asked {
  readonly path: string;
  readonly from: SourceFile;
  readonly found: SourceFile | undefined;
}

interface Kept<T> {
  readonly surroundings: Pick<ReadContext, 'syntax' | 'command' | 'select'>;
  readonly asked: readonly Asked[];
  readonly value: T;
}

/** Ways of starting one file that are kept. */
const maximumKept = 8;

/**
 * Remembers what was made of a document and its surroundings: how it is started, and which files it asked for. It holds as long
 * as the document is the same value, is started the same way, and every file asked for is still the same value. The files are
 * asked for again each time, so that whoever listens to the requests hears them all. What is kept goes with its document.
 */
export function createRecall<T>(): Recall<T> {
  const kept = new WeakMap<SourceFile, Kept<T>[]>();
  return (file, context, make) => {
    const known = kept.get(file) ?? [];
    for (const one of known) if (holds(one, context)) return one.value;
    const asked: Asked[] = [];
    const value = make({
      ...context,
      file: (path, from) => {
        const found = context.file(path, from);
        asked.push({ path, from, found });
        return found;
      },
    });
    const { syntax, command, select } = context;
    const surroundings = { syntax, ...(command && { command }), ...(select !== undefined && { select }) };
    kept.set(file, [{ surroundings, asked, value }, ...known].slice(0, maximumKept));
    return value;
  };
}

function holds({ surroundings, asked }: Kept<unknown>, context: ReadContext): boolean {
  const { syntax, command, select } = surroundings;
  if (syntax !== context.syntax || command !== context.command || select !== context.select) return false;
  return asked.every(({ path, from, found }) => context.file(path, from) === found);
}
