import type { ShellCommand, ShellReading } from '../../evaluate/shell.ts';
import type { ShellWord } from '../../evaluate/shell-word.ts';
import type { SourceFile } from '../../source/source-file.ts';
import { newSheet, type Survey, survey } from './sheet.ts';

/**
 * The templates of jobs that a script fills with `envsubst` from its exported names: each is a launch of its own that
 * names the template. Templates of other kinds of files (a web server's configuration) are no jobs.
 */
export function filledTemplates(
  file: SourceFile,
  script: ShellReading,
  reader: string,
  base: string,
): readonly Survey[] {
  const found = script.commands.flatMap((command) => {
    const path = templateOf(command);
    return path ? [{ command, path }] : [];
  });
  return found.map(({ command, path }, index) => {
    const sheet = newSheet(file);
    sheet.references.push({
      path: path.text,
      role: 'job',
      span: path.at,
      command: { environment: namesFilled(command), words: [] },
      fills: true,
    });
    return survey(sheet, reader, index === 0 ? base : `${base} (${index + 1})`, 'launcher', command.span);
  });
}

function templateOf({ words, input }: ShellCommand): ShellWord | undefined {
  if (!input || input.unknown !== undefined || !/^(?:.*\/)?envsubst$/.test(words[0]?.text ?? '')) return undefined;
  return /\.(?:ya?ml|json)(?:[.-]\w+)?$|\b(?:template|tmpl|tpl)\b.*\.ya?ml/.test(input.text) ? input : undefined;
}

/** `envsubst '$A $B'` fills the names it lists alone; without a list it fills all that is exported. */
function namesFilled({ words, environment }: ShellCommand): ReadonlyMap<string, ShellWord> {
  const listed = words.slice(1).find((word) => word.text.includes('$'));
  const names = listed && new Set([...listed.text.matchAll(/\$\{?(\w+)/g)].map((match) => match[1]));
  return new Map([...environment].filter(([name, word]) => word.unknown === undefined && (!names || names.has(name))));
}
