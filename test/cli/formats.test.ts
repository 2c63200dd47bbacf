import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { flopwise } from './run.ts';

/** A model that cannot fit its card, in a file whose name and job need escaping everywhere. */
const script = `from transformers import AutoModelForCausalLM, Trainer, TrainingArguments

model = AutoModelForCausalLM.from_pretrained("meta-llama/Llama-3.1-70B")
args = TrainingArguments(
    output_dir="out", bf16=True, fsdp="full_shard", max_steps=1000, per_device_train_batch_size=64
)
Trainer(model=model, args=args).train()
`;
const name = 'tr,ain & <eval>.py';
const notebook = JSON.stringify({
  nbformat: 4,
  nbformat_minor: 5,
  metadata: { language_info: { name: 'python' } },
  cells: [{ cell_type: 'code', source: script, metadata: {}, outputs: [], execution_count: null }],
});

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'flopwise-formats-'));
  writeFileSync(join(folder, name), script);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const report = (format: string, path = join(folder, name)) =>
  flopwise(['estimate', path, '--accelerator', 'H100:8', '--format', format]);

describe('formats for machines', () => {
  test('sarif: rules with their pages, results with places, fixes and stable marks', async () => {
    const { code, out } = await report('sarif');
    expect(code).toBe(1);
    const { version, runs } = JSON.parse(out);
    expect(version).toBe('2.1.0');
    const [{ tool, results }] = runs;
    const result = results.find(({ ruleId }: { ruleId: string }) => ruleId === 'does-not-fit');
    expect(tool.driver.rules[result.ruleIndex].id).toBe('does-not-fit');
    expect(result.level).toBe('error');
    const { region, artifactLocation } = result.locations[0].physicalLocation;
    expect(artifactLocation.uri).toContain('tr,ain%20&%20%3Ceval%3E.py');
    const line = script.split('\n')[region.startLine - 1] ?? '';
    expect(line.slice(region.startColumn - 1, region.endColumn - 1)).toMatch(/\S/);
    for (const { artifactChanges } of result.fixes ?? [])
      for (const { replacements } of artifactChanges)
        expect(replacements[0].deletedRegion.startLine).toBeGreaterThan(0);
    writeFileSync(join(folder, name), `# one more line\n${script}`);
    const after = JSON.parse((await report('sarif')).out).runs[0].results.find(
      ({ ruleId }: { ruleId: string }) => ruleId === 'does-not-fit',
    );
    writeFileSync(join(folder, name), script);
    expect(after.partialFingerprints).toEqual(result.partialFingerprints);
  });

  test('sarif: no line numbers of a cell are given for a notebook', async () => {
    const path = join(folder, 'train.ipynb');
    writeFileSync(path, notebook);
    const { results } = JSON.parse((await report('sarif', path)).out).runs[0];
    expect(results.length).toBeGreaterThan(0);
    for (const { locations, fixes } of results) {
      expect(locations[0].physicalLocation.region).toBeUndefined();
      expect(fixes).toBeUndefined();
    }
  });

  test('junit: a case that fails, escaped', async () => {
    const { out } = await report('junit');
    expect(out).toMatch(/<testsuites name="flopwise" tests="1" failures="1">/);
    expect(out).toContain('tr,ain &amp; &lt;eval&gt;.py');
    expect(out).toMatch(/<failure message="[^"]*GiB[^"]*" type="does-not-fit">/);
    expect(out.match(/<testcase /g)).toHaveLength(out.match(/<\/testcase>/g)?.length ?? 0);
  });

  test('github: an annotation a finding, properties escaped', async () => {
    const { out } = await report('github');
    expect(out).toMatch(/^::error file=[^:]*tr%2Cain & <eval>\.py,line=\d+,col=\d+,endLine=\d+,title=does-not-fit::/m);
    for (const line of out.trim().split('\n')) expect(line).toMatch(/^::(error|warning|notice) /);
  });

  test('csv: a line a job, as many fields as titles', async () => {
    const { out } = await report('csv');
    const [head = '', row = ''] = out.trim().split('\n');
    const fields = row.match(/("([^"]|"")*"|[^,]*)(,|$)/g) ?? [];
    expect(fields.filter((_, at) => at < head.split(',').length)).toHaveLength(head.split(',').length);
    expect(row).toContain('tr,ain & <eval>.py"');
    expect(head.split(',')).toContain('memory_gib_high');
  });
});

describe('scan', () => {
  test('lists every job of a folder with the sum', async () => {
    const { code, out } = await flopwise(['scan', 'examples']);
    expect(code).toBe(0);
    expect(out).toMatch(/^job +task +devices/);
    expect(out).toMatch(/3 jobs: \$\d.* for the 2 whose cost is known, serving \$/);
    const json = JSON.parse((await flopwise(['scan', 'examples', '--format', 'json'])).out);
    const costs = json.workloads.flatMap(
      ({ estimate }: { estimate: { cost?: { total?: { micros: { likely: number } } } } }) =>
        estimate.cost?.total?.micros.likely ?? [],
    );
    expect(json.totals).toMatchObject({ jobs: 3, costKnown: 2 });
    expect(json.totals.cost.micros.likely).toBe(costs.reduce((a: number, b: number) => a + b, 0));
  });
});

describe('jobs of which nothing is known', () => {
  test('are one line of the list and one section of the Markdown, and whole in the JSON', async () => {
    const loop = (rate: string) => `import torch
from models import build
model = build()
optimizer = torch.optim.SGD(model.parameters(), lr=${rate})
for batch in torch.utils.data.DataLoader([]):
    model(batch).backward()
    optimizer.step()
`;
    const place = mkdtempSync(join(tmpdir(), 'flopwise-blank-'));
    for (const at of [1, 2, 3]) writeFileSync(join(place, `train${at}.py`), loop(`${at}e-3`));
    const scan = async (format: string) => (await flopwise(['scan', place, '--format', format])).out;
    const told = '3 jobs of which neither model size, accelerator nor price is known';
    const list = await scan('list');
    expect(list).toContain(told);
    expect(list).not.toContain('train1.py');
    const markdown = await scan('markdown');
    expect(markdown).toContain(`### ${told}`);
    expect(markdown).toContain('train3.py`');
    expect(JSON.parse(await scan('json')).workloads).toHaveLength(3);
    rmSync(place, { recursive: true });
  });
});

describe('html', () => {
  test('one file that loads nothing and runs nothing, with a table beside every chart', async () => {
    const { out } = await report('html');
    expect(out).toContain('content="default-src &#39;none&#39;;');
    expect(out).not.toMatch(/<script|javascript:|\son\w+=|src=|href=/i);
    expect(out).toContain('tr,ain &#38; &#60;eval&#62;.py');
    expect(out.match(/<svg/g)?.length).toBeGreaterThan(0);
    expect(out.match(/<svg/g)?.length).toBeLessThanOrEqual(out.match(/<table/g)?.length ?? 0);
    expect(out).toContain('.answer {');
  });

  test('of several jobs: the sum, a row each, no id twice', async () => {
    const { out } = await flopwise(['scan', 'examples', '--format', 'html', '--fail-on', 'never']);
    expect(out).toContain('3 jobs: ');
    const ids = [...out.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(ids.length).toBeGreaterThan(3);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, id] of out.matchAll(/aria-labelledby="([^"]+)"/g)) expect(ids).toContain(id);
  });
});
