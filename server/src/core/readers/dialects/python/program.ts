import { type Program, readProgram } from '../../../evaluate/python.ts';
import type { SourceFile } from '../../../source/source-file.ts';
import type { ReadContext } from '../../reader.ts';
import { createRecall } from '../recall.ts';

const recall = createRecall<Program>();

/** The program of a file as its surroundings start it; followed once for all readers that are asked. */
export function programOf(file: SourceFile, context: ReadContext): Program {
  const { select, ...started } = context;
  return recall(file, started, (around) =>
    readProgram(file, {
      tree: (one) => around.syntax.tree(one),
      load: (path, from) => around.file(path, from),
      data: (one) => around.syntax.data(one),
      ...(around.command ? { command: around.command } : {}),
    }),
  );
}
