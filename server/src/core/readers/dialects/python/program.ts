import { type Program, readProgram } from '../../../evaluate/python.ts';
import type { SourceFile } from '../../../source/source-file.ts';
import type { ReadContext } from '../../reader.ts';

const programs = new WeakMap<ReadContext, WeakMap<SourceFile, Program>>();

/** The program of a file as its surroundings start it; followed once for all readers that are asked. */
export function programOf(file: SourceFile, context: ReadContext): Program {
  const known = programs.get(context)?.get(file);
  if (known) return known;
  const program = readProgram(file, {
    tree: (one) => context.syntax.tree(one),
    load: (path, from) => context.file(path, from),
    ...(context.command ? { command: context.command } : {}),
  });
  const files = programs.get(context) ?? new WeakMap<SourceFile, Program>();
  files.set(file, program);
  programs.set(context, files);
  return program;
}
