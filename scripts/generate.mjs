// Writes what is derived from the folder listing: the index of each growing room.
// `--check` changes nothing and fails where something is out of date.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

const root = new URL('../', import.meta.url);
const check = process.argv.includes('--check');
const stale = [];

/** Files of a room that are not things of the room. */
const furniture = {
  readers: ['index', 'read', 'reader', 'write'],
  rules: ['index', 'check', 'compare', 'propose', 'rule'],
};

const write = (path, text) => {
  const url = new URL(path, root);
  let before = '';
  try {
    before = readFileSync(url, 'utf8');
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  if (before === text) return;
  stale.push(path);
  if (!check) writeFileSync(url, text);
};

const camel = (id) => id.replace(/-(.)/g, (_, letter) => letter.toUpperCase());

const things = (room) =>
  readdirSync(new URL(`server/src/core/${room}/`, root), { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => entry.name.slice(0, -3))
    .filter((id) => !furniture[room].includes(id))
    .sort();

const index = (room, type, exported) => {
  const ids = things(room);
  const imports = ids.map((id) => `import { ${exported} as ${camel(id)} } from './${id}.ts';`);
  const from = `import type { ${type} } from './${exported}.ts';`;
  const all = [...imports, from].sort((a, b) => (a.split("'./")[1] < b.split("'./")[1] ? -1 : 1));
  const doc = `/** Every ${exported} of the room, in the order of their names. Made by \`npm run generate\`. */`;
  const start = `export const ${room}: readonly ${type}[] = `;
  const line = `${start}[${ids.map(camel).join(', ')}];`;
  // The formatter breaks a list only where it is longer than a line.
  const value = line.length <= 120 ? line : `${start}[\n${ids.map((id) => `  ${camel(id)},\n`).join('')}];`;
  write(`server/src/core/${room}/index.ts`, `${all.join('\n')}\n\n${doc}\n${value}\n`);
};

index('readers', 'Reader', 'reader');
index('rules', 'Rule', 'rule');

if (check && stale.length > 0) {
  console.error(`out of date, run npm run generate: ${stale.join(', ')}`);
  process.exit(1);
}
console.log(stale.length > 0 ? `generated ${stale.join(', ')}` : `generated files are current`);
