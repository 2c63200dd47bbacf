import { at, type DataNode } from '../syntax/data.ts';
import { words } from './dialects/form.ts';
import { jobReader } from './dialects/job-reader.ts';
import { entriesAt, scalarOf } from './dialects/manifest.ts';
import { putCommands } from './dialects/put-command.ts';
import { namesDevice, statesWork } from './dialects/relevance.ts';
import { commandsOf, fillScript, scriptOf } from './dialects/script.ts';
import { add, newSheet, put, type Sheet, survey } from './dialects/sheet.ts';
import type { Reader } from './reader.ts';

/** Stages of a DVC pipeline that train or serve; `${name}` is filled from the file's own `vars`. */
export const reader: Reader = jobReader({
  id: 'dvc',
  info: { title: 'DVC pipeline', files: '`dvc.yaml`' },
  languages: ['yaml'],
  mentions: (text, uri) => /dvc\.ya?ml$/.test(uri) && /^stages\s*:/m.test(text),
  surveys(file, { syntax }) {
    const root = syntax.data(file)[0]?.root;
    const variables = at(root, 'vars');
    const lookUp = (name: string) => {
      for (const item of variables?.kind === 'list' ? variables.items : []) {
        const found = scalarOf(at(item, ...name.split('.')));
        if (found) return found;
      }
      return undefined;
    };
    return entriesAt(root, 'stages').flatMap(({ key, keySpan, value }) => {
      const command = at(value, 'cmd');
      const script = scriptOf(command);
      if (!script) return [];
      const sheet = newSheet(file);
      putCommands(sheet, commandsOf(syntax, fillScript(script, /\$\{([\w.]+)\}/g, lookUp)), syntax);
      if (!statesWork(sheet) && !namesDevice(sheet)) return [];
      add(sheet, 'job.name', key, keySpan);
      putCommandText(sheet, command);
      return [survey(sheet, 'dvc', key, 'job', keySpan)];
    });
  },
});

/** The command as it stands, where it is one line. */
function putCommandText(sheet: Sheet, command: DataNode | undefined): void {
  if (command?.kind === 'scalar' && !/\n|\$/.test(command.raw)) put(sheet, 'job.command', command, words);
}
