import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { built } from '../bundle/built.ts';
import { everywhere } from './sample.ts';
import { type OpenDocument, projectFile, type Session, startSession } from './server.ts';

const words: unknown = JSON.parse(readFileSync(new URL('../../l10n/bundle.l10n.de.json', import.meta.url), 'utf8'));
let session: Session;
let script: OpenDocument;

beforeAll(async () => {
  session = await startSession([built('server.cjs'), '--stdio'], {
    locale: 'de',
    capabilities: { workspace: { workspaceEdit: { documentChanges: true } } },
    initializationOptions: { commands: true, status: true, words },
  });
  const { uri, text } = projectFile('examples/llama-sft/train.py');
  script = await session.open(uri, 'python', text);
});
afterAll(() => session.end());

/** Words that a figure, a name or a link does not bring along. */
const english =
  /\b(?:to train|kept|Fits|a GPU|at the|less|checkpoints:|Keep|Save every|Assumed|Prices of|Memory a GPU|Run)\b/;

test('hints are said in the language of the client, with its figures, and stay within a line', async () => {
  const labels = await script.labels();
  expect(labels.join('\n')).toMatch(/\d\u00a0\$ \(/);
  expect(labels.join('\n')).toMatch(/von \d+ GiB/);
  expect(labels.filter((label) => english.test(label))).toEqual([]);
  for (const label of labels) expect(label.replace(/^\d+: /, '').length).toBeLessThanOrEqual(43);
});

test('so are hovers, findings and their fixes', async () => {
  const hover = JSON.stringify(await script.hover(script.at('SFTConfig(')));
  expect(hover).toMatch(/\*\*\d+\u00a0\$\*\* \(\d+-\d+\) fürs Training/);
  expect(hover).toContain('Angenommen: ');
  expect(hover).not.toMatch(english);
  const found = (await script.diagnostics()).map(({ message }) => String(message));
  expect(found).toContainEqual(
    expect.stringMatching(/^Behält alle \d+ Checkpoints: \d+ GB\. Die letzten 2 belegen \d+ GB\.$/),
  );
  expect(found.filter((message) => english.test(message))).toEqual([]);
  const titles = (await script.actions(everywhere)).map(({ title }) => title);
  expect(titles).toContainEqual(expect.stringMatching(/^Die letzten 2 Checkpoints behalten: -\d+ GB$/));
  expect(titles).toContain('Eine günstigere Konfiguration finden ...');
  expect(titles.filter((title) => english.test(title))).toEqual([]);
});

test('a fix in another language edits the same text', async () => {
  const action = (await script.actions(everywhere)).find(({ title }) => title.startsWith('Die letzten 2'));
  if (!action) throw new Error('the fix is missing');
  await script.apply(action);
  expect(script.text()).toContain('save_total_limit=2');
});
