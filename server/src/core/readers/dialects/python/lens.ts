import type { Program } from '../../../evaluate/python.ts';
import type { Reader, ReaderInfo } from '../../reader.ts';
import type { Lacks } from '../lack.ts';
import { programOf } from './program.ts';
import type { Found } from './reading.ts';
import { toReading } from './reading.ts';
import { writeFact } from './write.ts';

/** What makes a reader of Python programs: a cheap test, and a look at what the program does. */
export interface PythonDialect {
  readonly id: string;
  readonly info: ReaderInfo;
  mentions(text: string): boolean;
  /** Why its programs have no place for some facts. */
  readonly lacks?: Lacks;
  /** The workload that the program states; undefined where it is none of this dialect. */
  find(program: Program, select: string | undefined): Found | readonly Found[] | undefined;
}

/** A reader of Python files and notebooks. */
export function pythonReader(dialect: PythonDialect): Reader {
  const findAll = (program: Program, select: string | undefined): readonly Found[] => {
    const found = dialect.find(program, select);
    const all = found === undefined ? [] : 'ledger' in found ? [found] : found;
    return all.filter((one) => one.ledger.entries.size > 0);
  };
  return {
    id: dialect.id,
    info: dialect.info,
    languages: ['python', 'notebook'],
    mentions: (text) => dialect.mentions(text),
    read: (file, context) => {
      const program = programOf(file, context);
      return findAll(program, context.select).map((found) => toReading(dialect.id, program, found));
    },
    write: (file, name, change, context) => {
      const program = programOf(file, context);
      const all = findAll(program, context.select);
      const found = all.find((one) => toReading(dialect.id, program, one).name === name) ?? all[0];
      if (!found) return { refused: 'There is no such workload in this file.' };
      const { lacks } = dialect;
      const holder = { title: dialect.info.title, role: found.role ?? 'program', ...(lacks ? { lacks } : {}) } as const;
      return writeFact(file, found.ledger, change, holder);
    },
  };
}
