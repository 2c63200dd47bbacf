// Writes server/src/core/facts/instance-types.ts: which accelerators a machine type carries, from pricing-data/instances.json.
// `--from FILE` reads another copy of the table. Run it after the table has changed.
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

const root = new URL('../', import.meta.url);
const { values } = parseArgs({ options: { from: { type: 'string' } } });
const table = JSON.parse(readFileSync(values.from ?? new URL('pricing-data/instances.json', root), 'utf8'));
const at = (name) => table.columns.indexOf(name);
const cell = (row, name) => {
  const value = row[at(name)];
  return name in table.strings && typeof value === 'number' ? table.strings[name][value] : value;
};

/** Clouds whose machine types files name; the others sell devices by their own names. */
const clouds = new Set(['aws', 'azure', 'gcp', 'oci', 'crusoe', 'lambda', 'nebius', 'coreweave']);

/** The normal name of a device: form factors and buses fold, sizes stay where they tell variants apart. */
const normal = (name) => {
  const word = name.toLowerCase();
  const sized = /^(a100|v100)\b.*?(\d+)gb/.exec(word);
  if (sized) return `${sized[1]}-${sized[2]}gb`;
  return word.replace(/-(sxm|pcie|nvl|24gb)\b/g, '').replace(/^rtx(\d+)-ada$/, 'rtx$1-ada');
};

const types = new Map();
for (const row of table.rows) {
  const type = String(cell(row, 'type')).toLowerCase();
  const count = cell(row, 'count');
  if (!clouds.has(cell(row, 'cloud')) || !Number.isInteger(count) || !/[-_.]/.test(type)) continue;
  types.set(type, [normal(cell(row, 'accelerator')), count]);
}

const lines = [...types]
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(([type, [name, count]]) => `  ['${type}', '${name}', ${count}],`);
const text = `/**
 * Machine types with the accelerators that they carry: type in lower case, normal accelerator name, devices.
 * Made from pricing-data/instances.json, which names the source of each row, by scripts/instance-types.mjs.
 */
export const instanceTypes: readonly (readonly [type: string, accelerator: string, count: number])[] = [
${lines.join('\n')}
];
`;
writeFileSync(new URL('server/src/core/facts/instance-types.ts', root), text);
console.log(`${types.size} machine types`);
