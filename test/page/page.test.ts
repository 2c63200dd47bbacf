import { beforeAll, describe, expect, test } from 'vitest';
import type { Plot } from '#core/report/charts/chart.ts';
import type { PageModel } from '#core/report/page.ts';
import { sayPlain } from '#core/report/words.ts';
import { drawChart } from '#server/page/charts/draw.ts';
import { type Element, renderNode } from '#server/page/nodes.ts';
import { type PageSearch, reportPage } from '#server/page/page.ts';
import { pageToMarkdown } from '#server/page/report-text.ts';
import { tableToCsv, tableToMarkdown } from '#server/page/tables.ts';
import { exampleTexts, pageOf } from './page-of.ts';

const pipelined: Readonly<Record<string, string>> = {
  'train.toml': `[model]
name = "llama3"
flavor = "8B"

[training]
local_batch_size = 1
seq_len = 8192
steps = 2000

[parallelism]
pipeline_parallel_degree = 4
tensor_parallel_degree = 2
data_parallel_shard_degree = 2
`,
  'run.sbatch': `#!/bin/bash
#SBATCH --nodes=2
#SBATCH --gres=gpu:h100:8
srun torchrun --nnodes 2 --nproc_per_node 8 -m torchtitan.train --job.config_file train.toml
`,
};

const plotOf = (plots: readonly Plot[], id: Plot['id']): Plot => {
  const plot = plots.find((one) => one.id === id);
  if (!plot) throw new Error(`no plot ${id}`);
  return plot;
};

describe('the page of a fine-tuning', () => {
  let model: PageModel;
  let search: PageSearch;
  let html: string;

  beforeAll(async () => {
    ({ model, search } = await pageOf(exampleTexts('llama-sft')));
    html = renderNode(reportPage(model, { say: sayPlain, width: 640, interactive: true }, 0, search));
  });

  test('has every plot, and a table with words beside each', () => {
    const [job] = model.jobs;
    expect(job?.plots.map(({ id }) => id)).toEqual([
      'memory',
      'step',
      'worth-cost',
      'worth-memory',
      'storage',
      'energy',
    ]);
    for (const { chart, table, summary, id } of [...(job?.plots ?? []), ...search.plots]) {
      expect(chart, id).toBeDefined();
      expect(table.rows.length, id).toBeGreaterThan(0);
      for (const row of table.rows) {
        expect(row.length, id).toBe(table.columns.length);
        for (const { text } of row) expect(text, id).not.toMatch(/^$|NaN|undefined|Infinity|\$0(\.0+)?\b/);
      }
      expect(summary).toMatch(/\.$/);
    }
  });

  test('parts of memory add up to what the report says a GPU needs', () => {
    const memory = plotOf(model.jobs[0]?.plots ?? [], 'memory');
    if (memory.chart?.kind !== 'bars') throw new Error('no bars');
    const [row] = memory.chart.rows;
    const sum = row?.parts.reduce((all, { value }) => all + value, 0) ?? 0;
    expect(model.jobs[0]?.verdict).toContain(`${Math.round(sum / 2 ** 30)} of 79 GiB`);
    expect(memory.summary).toContain(`${Math.round(sum / 2 ** 30)} of 79 GiB`);
  });

  test('the line joins what nothing beats: no candidate lies below and left of it', () => {
    const { chart } = plotOf(search.plots, 'candidates');
    if (chart?.kind !== 'points') throw new Error('no points');
    const front = chart.points.filter(({ role }) => role === 'front');
    expect(front.length).toBeGreaterThan(1);
    expect(chart.points.filter(({ role }) => role === 'now').length).toBe(1);
    for (const { x, y } of front)
      expect(chart.points.filter((one) => one.row !== undefined && one.x < x && one.y < y)).toEqual([]);
  });

  test('every mark that leads to code names a line that exists', () => {
    const places = [...html.matchAll(/data-uri="([^"]+)" data-line="(\d+)"/g)];
    expect(places.length).toBeGreaterThan(5);
    for (const [, uri, line] of places) {
      const name = String(uri).split('/').at(-1) ?? '';
      const lines = exampleTexts('llama-sft')[name]?.split('\n').length ?? 0;
      expect(Number(line)).toBeLessThan(lines);
    }
  });

  test('holds nothing that a strict policy refuses: no inline style, script or handler', () => {
    expect(html).not.toMatch(/ style="|<style|<script|<link|<base| on\w+="|javascript:/i);
  });

  test('without anybody to press them it has no buttons', () => {
    const file = renderNode(reportPage(model, { say: sayPlain, width: 640, interactive: false }, 0, search));
    expect(file).not.toMatch(/<button|tabindex|data-apply/);
    expect(file).toContain('<svg');
  });

  test('as Markdown it has every table', () => {
    const text = pageToMarkdown(model, sayPlain);
    for (const { title } of model.jobs[0]?.plots ?? []) expect(text).toContain(`## ${title}`);
    expect(text.match(/^\| :?-/gm)?.length).toBe(6);
  });
});

test('stages of a pipeline are told apart, and the fullest is what the report says', async () => {
  const { model } = await pageOf(pipelined);
  const { chart, table } = plotOf(model.jobs[0]?.plots ?? [], 'memory');
  if (chart?.kind !== 'bars') throw new Error('no bars');
  expect(chart.rows.map(({ label }) => label)).toEqual([1, 2, 3, 4].map((stage) => `stage ${stage} of 4: 4 GPUs`));
  const sums = chart.rows.map(({ parts }) => parts.reduce((all, { value }) => all + value, 0));
  expect(new Set(sums.map((sum) => Math.round(sum / 2 ** 20))).size).toBeGreaterThan(1);
  expect(table.columns.length).toBe(5);
  expect(model.jobs[0]?.verdict).toContain(`${Math.round(Math.max(...sums) / 2 ** 30)} of `);
});

test('a serving job has the plots that apply to it', async () => {
  const { model, search } = await pageOf(exampleTexts('vllm-serve'));
  expect(model.jobs[0]?.plots.map(({ id }) => id)).toEqual(['memory', 'worth-memory']);
  const { chart, table } = plotOf(search.plots, 'candidates');
  if (chart?.kind !== 'points') throw new Error('no points');
  expect([chart.x.label, chart.y.label]).toEqual(['time of a request', 'cost per 1M tokens']);
  expect(table.rows.length).toBeGreaterThan(1);
  const [cheapest] = chart.points.filter(({ role }) => role === 'front').sort((a, b) => a.y - b.y);
  const costs = chart.points.map(({ y }) => y);
  expect(cheapest?.y).toBeLessThanOrEqual(Math.min(...costs) * 1.02);
});

test('what is not known is said in words, and drawn nowhere', async () => {
  const { model } = await pageOf({
    'train.py': `from transformers import TrainingArguments, Trainer
args = TrainingArguments(output_dir="o", per_device_train_batch_size=2)
Trainer(model=build(), args=args).train()
`,
  });
  const plots = model.jobs[0]?.plots ?? [];
  expect(plots.length).toBeGreaterThan(0);
  for (const { chart, table, summary } of plots) {
    if (!chart) expect([table.rows.length, /not known|no checkpoints|Nothing/.test(summary)]).toEqual([0, true]);
  }
});

test('a job that may be taken back has the whole checklist, point by point with the lines it rests on', async () => {
  const { model } = await pageOf({
    'train.py': `from transformers import AutoModelForCausalLM, Trainer, TrainingArguments
model = AutoModelForCausalLM.from_pretrained("meta-llama/Llama-3.1-8B")
args = TrainingArguments(output_dir="/tmp/run", per_device_train_batch_size=2, max_steps=2000, save_steps=200, bf16=True)
Trainer(model=model, args=args, train_dataset=data).train(resume_from_checkpoint=True)
`,
    'run.sbatch': `#!/bin/bash
#SBATCH --nodes=1 --gres=gpu:h100:8 --time=24:00:00
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --signal=B:USR1@120
srun torchrun --nproc_per_node 8 train.py
`,
  });
  const [job] = model.jobs;
  const { table, summary, notes } = plotOf(job?.plots ?? [], 'preemption');
  expect(table.rows.map((row) => row.map(({ text }) => text))).toEqual([
    ['Requeue', 'in place', 'started anew'],
    ['Save within the notice', 'missing', 'it does not save when told: work since the last save is lost'],
    ['Resume from the latest save', 'in place', 'goes on from its latest save'],
    ['Folder that outlives the machine', 'missing', 'saves in /tmp/run go with the machine'],
    ['Appended log', 'in place', 'log goes on'],
    ['Order of the data', 'in place', 'data goes on where it stood'],
    [
      'Interval of saves',
      'not to be told',
      'its best interval counts failures alone: how often it is taken back is not known',
    ],
  ]);
  expect(table.rows.map(([name]) => name?.place?.uri.split('/').at(-1))).toContain('run.sbatch');
  const row = job?.rows.find(({ label }) => label === 'preemption');
  expect(`${row?.value}.`).toBe(summary);
  expect(notes.join()).toMatch(/^A preemption costs .* of work at most, and the restart\.$/);
});

describe('charts', () => {
  const all = (node: Element): Element[] => [
    node,
    ...node.children.flatMap((child) => (typeof child === 'string' ? [] : all(child))),
  ];

  test('stay within their frame at every width, and their numbers are finite', async () => {
    const { model, search } = await pageOf(exampleTexts('llama-sft'));
    for (const width of [300, 420, 760]) {
      for (const { chart, title } of [...(model.jobs[0]?.plots ?? []), ...search.plots]) {
        if (!chart) continue;
        const drawn = drawChart(chart, width, title, sayPlain);
        const text = renderNode(drawn);
        expect(text, title).not.toMatch(/NaN|undefined|Infinity/);
        for (const { tag, attributes } of all(drawn)) {
          if (tag !== 'rect') continue;
          const x = Number(attributes['x'] ?? 0);
          expect(x, `${title} ${width}`).toBeGreaterThanOrEqual(0);
          expect(x + Number(attributes['width']), `${title} ${width}`).toBeLessThanOrEqual(width + 0.2);
        }
      }
    }
  });
});

describe('tables', () => {
  const table = {
    columns: [
      { label: 'a, b', numeric: false },
      { label: 'c', numeric: true },
    ],
    rows: [
      [{ text: '=HYPERLINK("x")' }, { text: '-43 % cost' }],
      [{ text: 'say "hi"\nnow' }, { text: '1|2' }],
    ],
  };

  test('as CSV are quoted, and no cell is a formula', () => {
    expect(tableToCsv(table)).toBe('"a, b",c\r\n"\'=HYPERLINK(""x"")",-43 % cost\r\n"say ""hi""\nnow",1|2\r\n');
  });

  test('as Markdown stay in their cells', () => {
    expect(tableToMarkdown(table)).toBe(
      '| a, b | c |\n| :-- | --: |\n| =HYPERLINK("x") | -43 % cost |\n| say "hi" now | 1\\|2 |\n',
    );
  });
});

test('whatever a text holds, it stays text', () => {
  const [sign, attack] = ['<img src=x onerror=alert(1)>', '"><script>alert(1)</script>'];
  const page = reportPage(
    {
      jobs: [
        {
          id: attack,
          name: sign,
          title: attack,
          answer: sign,
          verdict: sign,
          rows: [{ label: sign, value: attack, note: sign }],
          plots: [],
          findings: [{ ruleId: 'x', severity: 'error', message: attack, fixes: [sign] }],
          notes: [sign],
          asks: [{ key: attack, title: sign }],
          searchable: false,
        },
      ],
      problems: [attack],
      pricesAsOf: attack,
    },
    { say: sayPlain, width: 500, interactive: true },
    0,
  );
  expect(renderNode(page)).not.toMatch(/<img|<script|onerror=alert\(1\)>/);
});
