import type { FactName } from '../../facts/vocabulary.ts';
import { addFlag, type OpenCommand } from './add-flag.ts';
import { wordOf } from './lack.ts';
import type { NewFlag, NewFlags } from './new-flags.ts';
import { has, type Sheet } from './sheet.ts';

/** Lets facts be set on which a command is silent: as a new flag behind its last word. */
export function allowFlags(sheet: Sheet, command: OpenCommand, table: NewFlags): void {
  for (const [name, spell] of Object.entries(table) as readonly (readonly [FactName, NewFlag])[]) {
    if (has(sheet, name) || sheet.writers.has(name)) continue;
    sheet.writers.set(name, (value) => {
      const flag = spell(value);
      if (!flag) return { refused: `This program has no flag that sets ${wordOf(name)} to ${String(value)}.` };
      const standing = command.flags.find((one) => one.name === flag[0]);
      if (standing) return { refused: `\`${standing.word.text}\` stands there already with another meaning.` };
      const [flagName, text, ...beside] = flag;
      return addFlag(sheet.file, command, [[flagName, text], ...beside]);
    });
  }
}
