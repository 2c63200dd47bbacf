import { changeableFacts } from '../../facts/changeable.ts';
import { sameValue } from '../../facts/fact.ts';
import type { FactName, FactValue } from '../../facts/vocabulary.ts';
import { addOverride, type OpenCommand } from './add-flag.ts';
import { type KeyTable, type Row, tableRows } from './key-map.ts';
import { wordOf } from './lack.ts';
import { has, type Sheet } from './sheet.ts';

/** Lets facts be set by a key of the program's config on its command line, where the command is silent about them. */
export function allowOverrides(sheet: Sheet, command: OpenCommand, table: KeyTable, dashes: boolean): void {
  for (const name of changeableFacts) {
    const rows = tableRows(table).filter((row) => row.form.fact === name && !/\.\d+(?:\.|$)/.test(row.path));
    if (rows.length === 0 || has(sheet, name) || sheet.writers.has(name)) continue;
    sheet.writers.set(name, (value) => {
      const [first] = rows.flatMap((row) => spellRow(row, name, value, dashes) ?? []);
      if (!first) return { refused: `No key of this program sets ${wordOf(name)} to ${String(value)}.` };
      return addOverride(sheet.file, command, first[0], first[1], dashes);
    });
  }
}

/** The key and the word for a value, where this row says just that; a flag of its own has no word for a truth value. */
function spellRow(
  row: Row,
  name: FactName,
  value: FactValue,
  dashes: boolean,
): (readonly [string, string])[] | undefined {
  const plain = row.form.write(value);
  if (plain === undefined || plain === null || typeof plain === 'object') return undefined;
  if (typeof plain === 'boolean' && dashes) return undefined;
  const answer = row.form.read(plain, String(plain));
  const says = answer && 'value' in answer && (answer.fact ?? row.form.fact) === name && sameValue(answer.value, value);
  const text = typeof plain === 'boolean' ? (plain ? 'True' : 'False') : String(plain);
  return says && /^[\w./+-]+$/.test(text) ? [[row.path, text]] : undefined;
}
