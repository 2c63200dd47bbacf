import { type ExitCode, exit, KnownError } from '../exit.ts';
import type { CliHost } from '../host.ts';
import { specSchema } from '../spec/schema.ts';
import type { Command } from './index.ts';

/** Prints a published JSON schema. */
export const command: Command = {
  name: 'schema',
  usage: 'schema spec',
  summary: 'the JSON schema of a spec file',
  async run(argv: readonly string[], host: CliHost): Promise<ExitCode> {
    if (argv.length !== 1 || argv[0] !== 'spec') throw new KnownError('schema knows one name: spec', exit.usage);
    host.out(JSON.stringify(specSchema(), undefined, 2));
    return exit.fine;
  },
};
