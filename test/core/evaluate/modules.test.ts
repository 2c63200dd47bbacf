import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { countModule, isOpenSize } from '#core/evaluate/python/modules/count.ts';
import { readProgram } from '#core/evaluate/python.ts';
import type { SourceFile } from '#core/source/source-file.ts';
import { testSyntax } from '../../grammars.ts';

const oracle = new URL('../../reference/oracle/', import.meta.url);
const counted: Readonly<Record<string, { readonly parameters: number; readonly trained: number }>> = JSON.parse(
  readFileSync(new URL('counts.json', oracle), 'utf8'),
).modules;

/** The size of what a program calls `model`. */
async function sizeOf(text: string) {
  const syntax = await testSyntax();
  const file: SourceFile = { uri: 'file:///model.py', languageId: 'python', version: 1, text };
  const program = readProgram(file, { tree: (one) => syntax.tree(one), load: () => undefined });
  const model = program.globals.get('model');
  return model && countModule(model);
}

describe('parameters of a module', () => {
  const files = readdirSync(new URL('modules/', oracle)).filter((name) => name.endsWith('.py'));

  test.each(files.map((name) => name.replace('.py', '')))('%s as PyTorch counts it', async (name) => {
    const size = await sizeOf(readFileSync(new URL(`modules/${name}.py`, oracle), 'utf8'));
    expect(size).toEqual(counted[name]);
  });
});

const head = 'import torch\nfrom torch import nn\n';

const open: readonly (readonly [name: string, code: string, reason: string, place: string])[] = [
  [
    'a width that the data decides',
    'import pandas as pd\nwidth = pd.read_csv("a.csv").shape[1]\nmodel = nn.Linear(width, 2)',
    'takes in_features, which is known only at run time',
    'pd.read_csv("a.csv").shape[1]',
  ],
  [
    'a lazy layer',
    'model = nn.Sequential(nn.LazyLinear(8))',
    'takes its width from the first batch',
    'nn.LazyLinear(8)',
  ],
  [
    'a layer under a test of the run',
    'import os\nclass Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n        if os.path.exists("x"):\n            self.extra = nn.Linear(2, 2)\nmodel = Net()',
    'is there only under a test of the run',
    'nn.Linear(2, 2)',
  ],
  [
    'a loop of unknown length',
    'class Net(nn.Module):\n    def __init__(self, depth):\n        super().__init__()\n        self.layers = nn.ModuleList()\n        for _ in range(depth):\n            self.layers.append(nn.Linear(2, 2))\nmodel = Net(int(input()))',
    'is there only under a test of the run',
    'nn.Linear(2, 2)',
  ],
  [
    'a part of another library',
    'from transformers import AutoModel\nclass Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.bert = AutoModel.from_pretrained("a/b")\n        self.head = nn.Linear(4, 2)\nmodel = Net()',
    'holds transformers.AutoModel.from_pretrained, which is not counted here',
    'AutoModel.from_pretrained("a/b")',
  ],
  [
    'a part that the caller hands over',
    'class Net(nn.Module):\n    def __init__(self, body):\n        super().__init__()\n        self.body = body\n    def forward(self, x):\n        return self.body(x)\nmodel = Net(load())',
    '"load" is not set in this file',
    'load()',
  ],
];

test.each(open)('%s leaves the count open', async (_, code, reason, place) => {
  const size = await sizeOf(head + code);
  expect(size && isOpenSize(size) && size.reason).toBe(reason);
  const at = size && isOpenSize(size) ? size.at : undefined;
  expect(at && (head + code).slice(at.start, at.end)).toBe(place);
});
