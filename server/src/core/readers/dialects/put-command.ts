import type { ShellCommand } from '../../evaluate/shell.ts';
import type { DataNode } from '../../syntax/data.ts';
import { at } from '../../syntax/data.ts';
import type { Syntax } from '../../syntax/syntax.ts';
import { containerEnvironment, listCommands } from './embedded-command.ts';
import type { Sheet } from './sheet.ts';

/** Puts what the commands of a job say: the launcher's and the program's flags, and the files they name. */
export function putCommands(_sheet: Sheet, _commands: readonly ShellCommand[], _syntax: Syntax): void {}

/** Puts what a container runs, with its environment in force. */
export function putContainerCommand(sheet: Sheet, syntax: Syntax, container: DataNode | undefined): void {
  const environment = containerEnvironment(container);
  putCommands(sheet, listCommands(syntax, [at(container, 'command'), at(container, 'args')], environment), syntax);
}

/** Puts the options of a serving engine that stand in a list without the engine's name. */
export function putEngineFlags(_sheet: Sheet, _commands: readonly ShellCommand[]): void {}
