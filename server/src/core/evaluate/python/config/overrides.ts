import type { Value } from '../../value.ts';
import { guessWord } from '../command-words.ts';
import type { CommandLine } from '../machine.ts';

/** One word `path=value` of a command line: what Hydra and `OmegaConf.from_cli` take. */
export interface Override {
  readonly path: string;
  readonly value: Value;
  readonly text: string;
}

/** The overrides among a command's words (`trainer.lr=1e-4`, `+a=1`, `++a=1`; deletions say nothing). */
export function overridesOf(command: CommandLine | undefined): readonly Override[] {
  return (command?.words ?? []).flatMap((word) => {
    const match = /^\+{0,2}([\w./@-]+?)=(.*)$/s.exec(word.text);
    if (!match || word.unknown !== undefined || word.text.startsWith('-')) return [];
    const [, path = '', text = ''] = match;
    const start = word.span.end - text.length;
    return [{ path, text, value: guessWord({ text, span: { ...word.span, start } }) }];
  });
}
