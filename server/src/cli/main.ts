import { type Command, commands } from './commands/index.ts';
import { type CommonOptions, commonUsage, takeCommon } from './common.ts';
import { type ExitCode, exit, KnownError } from './exit.ts';
import type { CliHost } from './host.ts';

/** Runs one command line (without the program's own name) and answers the exit code. */
export async function runCli(argv: readonly string[], whole: CliHost): Promise<ExitCode> {
  try {
    const { options, rest } = takeCommon(argv);
    return await runCommand(rest, hostUnder(options, whole));
  } catch (error) {
    if (!(error instanceof KnownError)) throw error;
    whole.error(`flopwise: ${error.message}`);
    return error.code;
  }
}

/** The host as the common options want it: the failures of a command are said by its caller, so a quiet host says nothing. */
function hostUnder({ config, quiet, verbose, color, hub }: CommonOptions, host: CliHost): CliHost {
  const silent = () => undefined;
  return {
    ...host,
    ...(config === undefined ? {} : { config }),
    ...(hub ? { askHub: host.hub } : {}),
    ...(quiet ? { error: silent, progress: silent } : {}),
    ...(verbose ? { verbose: (text) => host.error(`flopwise: ${text}`) } : {}),
    paint: color === undefined ? host.paint : color ? host.painted : (_style, text) => text,
  };
}

async function runCommand([name, ...rest]: readonly string[], host: CliHost): Promise<ExitCode> {
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
    throw new KnownError(`"${name}" is no command; flopwise help lists them`, exit.usage);
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
    if (!isUsageError(error)) throw error;
    throw new KnownError(`${error.message}\nusage: flopwise ${command.usage}`, exit.usage);
  }
}

function isUsageError(error: unknown): error is Error {
  return error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}

function usage(): string {
  const width = Math.max(...commands.map((one: Command) => one.name.length));
  const rows = commands.map((one: Command) => `  ${one.name.padEnd(width)}  ${one.summary}`);
  return `flopwise: what a training or serving job costs, before it runs\n\n${rows.join('\n')}\n\nflopwise COMMAND --help tells more. With every command:\n${commonUsage.map((row) => `  ${row}`).join('\n')}`;
}
