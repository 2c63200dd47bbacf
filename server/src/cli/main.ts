import { type Command, commands } from './commands/index.ts';
import { type ExitCode, exit, KnownError } from './exit.ts';
import type { CliHost } from './host.ts';

/** Runs one command line (without the program's own name) and answers the exit code. */
export async function runCli(argv: readonly string[], host: CliHost): Promise<ExitCode> {
  const [name, ...rest] = argv;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    host.out(usage());
    return name === undefined ? exit.usage : exit.fine;
  }
  if (name === '--version' || name === '-V') {
    host.out(host.version);
    return exit.fine;
  }
  const command = commands.find((one) => one.name === name);
  if (!command) {
    host.error(`flopwise: "${name}" is no command; flopwise help lists them`);
    return exit.usage;
  }
  if (rest.includes('--help')) {
    host.out(
      `usage: flopwise ${command.usage}\n\n${command.summary}${command.details ? `\n\n${command.details}` : ''}`,
    );
    return exit.fine;
  }
  try {
    return await command.run(rest, host);
  } catch (error) {
    if (error instanceof KnownError) {
      host.error(`flopwise: ${error.message}`);
      return error.code;
    }
    if (isUsageError(error)) {
      host.error(`flopwise: ${error.message}\nusage: flopwise ${command.usage}`);
      return exit.usage;
    }
    throw error;
  }
}

function isUsageError(error: unknown): error is Error {
  return error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}

function usage(): string {
  const width = Math.max(...commands.map((one: Command) => one.usage.length));
  const rows = commands.map((one: Command) => `  ${one.usage.padEnd(width)}  ${one.summary}`);
  return `flopwise: what a training or serving job costs, before it runs\n\n${rows.join('\n')}`;
}
