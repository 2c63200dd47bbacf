import { parseArgs } from 'node:util';
import { loadEngine } from '#server/gather/engine.ts';
import { toolWorld } from '../agents/tool.ts';
import { toolsOf } from '../agents/tools.ts';
import { type ExitCode, exit, KnownError } from '../exit.ts';
import type { CliHost } from '../host.ts';
import type { Command } from './index.ts';

/** Serves the tools for coding agents over standard input and output. */
export const command: Command = {
  name: 'mcp',
  usage: 'mcp [--root FOLDER]',
  summary: 'tools for coding agents, by the Model Context Protocol',
  details:
    'Offers estimate, explain, optimize and prices over standard input and output until the client ends it. Paths are relative to the root, which is the folder where the command is started unless --root names another; nothing outside of it is read, and no file is changed.',
  async run(argv: readonly string[], host: CliHost): Promise<ExitCode> {
    const { values } = parseArgs({ args: [...argv], options: { root: { type: 'string', default: '.' } } });
    const rooted = await host.under(values.root);
    if (!rooted) throw new KnownError(`--root ${values.root}: no such folder`);
    await host.serveTools(toolsOf(toolWorld(rooted, loadEngine)));
    return exit.fine;
  },
};
