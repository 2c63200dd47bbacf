import { type ExitCode, exit, KnownError } from '../exit.ts';
import type { CliHost } from '../host.ts';
import type { Command } from './index.ts';

/** Serves the language server to any editor, over standard input and output. */
export const command: Command = {
  name: 'lsp',
  usage: 'lsp --stdio',
  summary: 'the language server, for any editor',
  async run(argv: readonly string[], host: CliHost): Promise<ExitCode> {
    if (argv.length !== 1 || argv[0] !== '--stdio') throw new KnownError('lsp speaks over --stdio only', exit.usage);
    await host.serve();
    return exit.fine;
  },
};
