import { readArguments, type ShellCommand } from '../../evaluate/shell.ts';
import { plainWord, type ShellWord } from '../../evaluate/shell-word.ts';
import { at, type DataNode } from '../../syntax/data.ts';
import type { Syntax } from '../../syntax/syntax.ts';
import { mapEnvironment, wordOfScalar } from './embedded-command.ts';
import { itemsAt, scalarOf, textAt } from './manifest.ts';
import { putCommands, putEngineFlags } from './put-command.ts';
import { commandsOf, type Script, scriptOf } from './script.ts';
import { engineOfImage } from './serving-image.ts';
import type { Sheet } from './sheet.ts';
import { sliceScalar, textIn } from './slice.ts';

/** Puts what a compose service runs: entry point and command, lists or one string, with defaults of `${NAME:-default}`. */
export function putComposeCommand(sheet: Sheet, syntax: Syntax, service: DataNode): void {
  const environment = environmentOf(service);
  const parts = [at(service, 'entrypoint'), at(service, 'command')];
  if (parts.every((part) => part === undefined || part.kind === 'list')) {
    const words = parts.flatMap((part) => (part?.kind === 'list' ? part.items : []));
    const filled = words.flatMap((word) => (word.kind === 'scalar' ? [filledWord(wordOfScalar(word))] : []));
    putRun(sheet, syntax, service, readArguments(filled, environment, { parse: (text) => syntax.parse('bash', text) }));
    return;
  }
  const scripts = parts.flatMap((part) => scriptOf(part) ?? []);
  for (const script of scripts) putRun(sheet, syntax, service, commandsOf(syntax, oneLine(script), environment));
}

/** Options without a program go to the image's own: those of an inference server are read as that server's. */
function putRun(sheet: Sheet, syntax: Syntax, service: DataNode, commands: readonly ShellCommand[]): void {
  const engine = engineOfImage(textAt(service, 'image') ?? '');
  const bare = commands.every(({ words }) => words[0]?.text.startsWith('-') === true);
  if (engine !== undefined && bare) putEngineFlags(sheet, commands, engine);
  else putCommands(sheet, commands, syntax);
}

/** A string command is one line for Docker, however many the document has. */
function oneLine(script: Script): Script {
  return { ...script, text: script.text.replaceAll(/\\?\n(?=.)/g, (found) => ' '.repeat(found.length)) };
}

/** A scalar with the defaults of its variables (`${NAME:-default}`) in their places, as Docker fills them in. */
export function withDefault(node: DataNode | undefined): DataNode | undefined {
  const scalar = scalarOf(node);
  const text = scalar ? textIn(scalar) : '';
  if (!scalar || !text.includes('${')) return node;
  const whole = /^\$\{[A-Za-z_]\w*:?-([^{}]*)\}$/.exec(text);
  if (whole?.[1]) return sliceScalar(scalar, text.length - 1 - whole[1].length, text.length - 1);
  return { ...scalar, value: text.replace(/\$\{[A-Za-z_]\w*:?-([^{}]*)\}/g, '$1') };
}

/** A word whose only variable has a default, as that default. */
function filledWord(word: ShellWord): ShellWord {
  const found = /^\$\{[A-Za-z_]\w*:?-([^{}]*)\}$/.exec(word.text);
  if (!found?.[1]) return word;
  const end = word.span.start + word.text.length - 1;
  return plainWord(found[1], { uri: word.span.uri, start: end - found[1].length, end });
}

function environmentOf(service: DataNode): ReadonlyMap<string, ShellWord> {
  const found = new Map(mapEnvironment(at(service, 'environment')));
  for (const item of itemsAt(service, 'environment')) {
    const scalar = scalarOf(item);
    const equals = scalar ? textIn(scalar).indexOf('=') : -1;
    if (!scalar || equals <= 0) continue;
    found.set(textIn(scalar).slice(0, equals), wordOfScalar(sliceScalar(scalar, equals + 1, textIn(scalar).length)));
  }
  return found;
}
