// Writes what is derived: the index of each growing room, the rules' pages, the README's tables.
// `--check` changes nothing and fails where something is out of date.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';

const root = new URL('../', import.meta.url);
const check = process.argv.includes('--check');
const stale = [];

/** Files of a room that are not things of the room. */
const furniture = {
  readers: ['index', 'read', 'reader', 'write'],
  sources: ['csv', 'index', 'shape', 'source'],
  rules: ['index', 'check', 'compare', 'distinct', 'lazy', 'propose', 'rule', 'saving'],
};

const readOr = (path, otherwise) => {
  try {
    return readFileSync(new URL(path, root), 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return otherwise;
    throw error;
  }
};

const write = (path, text) => {
  if (readOr(path, '') === text) return;
  stale.push(path);
  if (!check) writeFileSync(new URL(path, root), text);
};

/** Folder of each room. */
const folders = {
  readers: 'server/src/core/readers',
  rules: 'server/src/core/rules',
  sources: 'pricing-data/sources',
};

const camel = (id) => id.replace(/-(.)/g, (_, letter) => letter.toUpperCase());

const things = (room) =>
  readdirSync(new URL(`${folders[room]}/`, root), { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => entry.name.slice(0, -3))
    .filter((id) => !furniture[room].includes(id))
    .sort();

const index = (room, type, exported) => {
  const ids = things(room);
  const imports = ids.map((id) => `import { ${exported} as ${camel(id)} } from './${id}.ts';`);
  const from = `import type { ${type} } from './${exported}.ts';`;
  const path = (line) => line.split("'./")[1].replace(/\.ts';$/, '');
  const all = [...imports, from].sort((a, b) => (path(a) < path(b) ? -1 : 1));
  const doc = `/** Every ${exported} of the room, in the order of their names. Made by \`npm run generate\`. */`;
  const start = `export const ${room}: readonly ${type}[] = `;
  const line = `${start}[${ids.map(camel).join(', ')}];`;
  // The formatter breaks a list only where it is longer than a line.
  const value = line.length <= 120 ? line : `${start}[\n${ids.map((id) => `  ${camel(id)},\n`).join('')}];`;
  write(`${folders[room]}/index.ts`, `${all.join('\n')}\n\n${doc}\n${value}\n`);
};

/** A room as a value: its TypeScript is bundled, as for a browser, into an ignored folder and imported. */
const load = async (entry) => {
  const outfile = new URL(`out/generate/${entry.replaceAll('/', '-')}.mjs`, root).pathname;
  const options = { bundle: true, format: 'esm', platform: 'browser', logLevel: 'error' };
  await build({ ...options, entryPoints: [new URL(entry, root).pathname], outfile });
  return import(outfile);
};

const fence = (text, language = '') => [`\`\`\`${language}`, text, '```'].join('\n');

/** From how much on a rule speaks, and how a project sets it. */
const thresholdOf = ({ id, meta: { threshold, severity, tags } }) => {
  const { percent, money } = threshold ?? {};
  const of = tags.length === 1 && tags[0] === 'storage' ? 'a month' : 'a run';
  const least = [
    ...(percent === undefined ? [] : [`${percent} %`]),
    ...(money === undefined ? [] : [`$${money} ${of} where the sum is known`]),
  ];
  const said =
    least.length === 0
      ? 'It holds or it does not: there is no least saving.'
      : `It speaks from ${least.join(' and ')} on.`;
  const keys = [
    ...(percent === undefined ? [] : [`    min_percent: ${percent}`]),
    ...(money === undefined ? [] : [`    min_saving: ${money}`]),
    `    severity: ${severity}   # or error, warning, information, hint, off`,
  ];
  return `**Threshold.** ${said} A project sets its own in \`flopwise.yaml\`:\n\n${fence(['rules:', `  ${id}:`, ...keys].join('\n'), 'yaml')}`;
};

const silenceOf = (id) =>
  [
    `**Silence it** with a comment on its line, or alone on the line above (of a command of several lines above the first): \`# flopwise: ignore[${id}] why, until 2027-01-31\`. Or for a file or the whole project in \`flopwise.yaml\`:`,
    fence(
      [
        'silence:',
        `  - rule: ${id}`,
        '    reason: why it is fine here',
        '    until: 2027-01-31',
        '    file: train.py',
      ].join('\n'),
      'yaml',
    ),
    'The date and the file are optional; after the date the finding is back.',
  ].join('\n\n');

const rulePage = ({ id, meta }) =>
  [
    `# ${meta.title}`,
    `\`${id}\` · ${meta.severity} · ${meta.tags.join(', ')}`,
    meta.why,
    `**Evidence.** ${meta.evidence}`,
    `Costs:\n\n${fence(meta.bad)}`,
    `Better:\n\n${fence(meta.good)}`,
    thresholdOf({ id, meta }),
    silenceOf(id),
    '',
  ].join('\n\n');

/** What each format writes, as the laws of writing found it over the fixtures. */
const writingPage = (found) => {
  const title = (id) => readers.find((one) => one.id === id)?.info.title ?? id;
  const written = /^(?:set|add|set, add)$/;
  const words = Object.entries(changeable);
  const head = '| format | set where it stands | added where it is missing |';
  const list = (cells, word) =>
    words.flatMap(([name, said]) => (written.test(cells[name]) && cells[name].includes(word) ? [said] : [])).join(', ');
  const rows = Object.entries(found).map(
    ([id, cells]) => `| ${cell(title(id))} | ${list(cells, 'set')} | ${list(cells, 'add')} |`,
  );
  const reasons = Object.entries(found).map(([id, cells]) => {
    const why = new Map();
    for (const [name, said] of words)
      if (!written.test(cells[name])) {
        const reason = cells[name].replace(said, 'it');
        why.set(reason, [...(why.get(reason) ?? []), said]);
      }
    return [`### ${title(id)}`, [...why].map(([reason, said]) => `- ${said.join(', ')}: ${reason}`).join('\n')].join(
      '\n\n',
    );
  });
  return [
    '# What each format writes',
    'A change ("precision to bf16") is written in the dialect of the file that states it; comments, order, quotes and anchors stay. Each entry was set in one of the test files, read back equal, and nothing else that the file says had moved. Where a format has no place for a thing, it says why.',
    [head, '| --- | --- | --- |', ...rows].join('\n'),
    '## Why not',
    ...reasons,
    '',
  ].join('\n\n');
};

const between = (text, name, content) => {
  const [start, end] = [`<!-- ${name}:start -->`, `<!-- ${name}:end -->`];
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`README.md lacks the marks of "${name}"`);
  return `${text.slice(0, from + start.length)}\n${content}\n${text.slice(to)}`;
};

const cell = (text) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

index('readers', 'Reader', 'reader');
index('rules', 'Rule', 'rule');
index('sources', 'PriceSource', 'source');

const { readers } = await load('server/src/core/readers/index.ts');
const { changeable } = await load('server/src/core/facts/changeable.ts');
const { rules } = await load('server/src/core/rules/index.ts');

for (const rule of rules) write(`docs/rules/${rule.id}.md`, rulePage(rule));
for (const name of readdirSync(new URL('docs/rules/', root))) {
  if (rules.some((rule) => `${rule.id}.md` === name)) continue;
  stale.push(`docs/rules/${name}`);
  if (!check) rmSync(new URL(`docs/rules/${name}`, root));
}

const formats = [
  '| format | found by | id |',
  '| --- | --- | --- |',
  ...readers.map(({ id, info }) => `| ${cell(info.title)} | ${cell(info.files)} | \`${id}\` |`),
].join('\n');
const ruleRows = [
  '| rule | what it finds | severity |',
  '| --- | --- | --- |',
  ...rules.map(({ id, meta }) => `| [\`${id}\`](docs/rules/${id}.md) | ${cell(meta.title)} | ${meta.severity} |`),
].join('\n');
const accuracy = readOr('test/reference/accuracy.md', '').trim();
const writing = JSON.parse(readOr('test/reference/writing.json', '{}'));
if (Object.keys(writing).length > 0) write('docs/writing.md', writingPage(writing));
let readme = readOr('README.md', '');
readme = between(readme, 'formats', formats);
readme = between(readme, 'rules', ruleRows);
if (accuracy) readme = between(readme, 'accuracy', accuracy);
write('README.md', readme);

if (check && stale.length > 0) {
  console.error(`out of date, run npm run generate: ${stale.join(', ')}`);
  process.exit(1);
}
console.log(stale.length > 0 ? `generated ${stale.join(', ')}` : 'generated files are current');
