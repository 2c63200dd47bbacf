import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createReadCache, readFile } from '#core/readers/read.ts';
import type { LanguageId, SourceFile } from '#core/source/source-file.ts';
import { linkFiles } from '#core/workload/link.ts';
import { testSyntax } from '../../grammars.ts';

const train = `import argparse
import torch
from torch import nn
from transformers import AutoModelForCausalLM, Trainer, TrainingArguments
from helpers import collate

LENGTH = 2048


class Head(nn.Module):
    def __init__(self, width=512, depth=2):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(width, width) for _ in range(depth)])

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("--batch_size", type=int, default=4)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--fp16", action="store_true")
    return parser.parse_args()


def unused(batch, scale=2):
    total = 0
    for row in batch:
        if row is None:
            continue
        total += row * scale
    return torch.tensor(total)


def main():
    args = parse()
    model = AutoModelForCausalLM.from_pretrained("meta-llama/Llama-3.2-1B")
    head = Head(width=LENGTH // 2)
    steps = 100
    if args.fp16:
        steps = steps * 2
        precision = {"fp16": True}
    else:
        precision = {"bf16": True}
    settings = TrainingArguments(
        output_dir="out",
        per_device_train_batch_size=args.batch_size,
        num_train_epochs=args.epochs,
        learning_rate=2e-5,
        save_steps=steps,
        **precision,
    )
    trainer = Trainer(model=model, args=settings, data_collator=collate)
    trainer.train()
    print(head)


if __name__ == "__main__":
    main()
`;

const texts: Readonly<Record<string, readonly [LanguageId, string]>> = {
  'train.py': ['python', train],
  'helpers.py': ['python', 'import torch\n\n\ndef collate(rows):\n    return torch.stack(rows)\n'],
  'run.sh': ['bash', '#!/bin/bash\nexport BATCH=8\ntorchrun --nproc_per_node 4 train.py --batch_size $BATCH --fp16\n'],
};

/** A script in a folder with the files around it. */
function files(folder: string, version: number, text: string, around: ReadonlyMap<string, SourceFile>) {
  const uri = `file:///${folder}/train.py`;
  const script: SourceFile = { uri, languageId: 'python', version, text };
  return new Map([...around, [uri, script]]);
}

function around(folder: string): ReadonlyMap<string, SourceFile> {
  return new Map(
    Object.entries(texts).map(([name, [languageId, text]]) => {
      const uri = `file:///${folder}/${name}`;
      return [uri, { uri, languageId, version: 0, text }];
    }),
  );
}

const pieces = ['', '1', '0', ' ', '\n', '    ', '#', '(', ')', '"', ':', ', ', '=', 'x', 'pass\n', '    steps = 7\n'];

test('what is read of a program after any edits is what is read of its text alone', async () => {
  const syntax = await testSyntax();
  const readings = createReadCache();
  const beside = around('typed');
  const numbers = [...train.matchAll(/\d+|True|args\.\w+|import|def|if/g)].map(({ index }) => index);
  const edit = fc.record({
    at: fc.oneof(fc.nat(train.length), fc.constantFrom(...numbers)),
    length: fc.oneof(fc.constant(0), fc.nat(2), fc.nat(30)),
    text: fc.constantFrom(...pieces),
  });
  let version = 0;
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 5 }), (edits) => {
      let text = train;
      for (const one of [{ at: 0, length: 0, text: '' }, ...edits]) {
        text = text.slice(0, one.at) + one.text + text.slice(one.at + one.length);
        version += 1;
        const typed = linkFiles(
          files('typed', version, text, beside),
          (file, context) => readFile(file, context, readings),
          syntax,
        );
        const folder = `alone-${version}`;
        const alone = linkFiles(files(folder, version, text, around(folder)), readFile, syntax);
        expect(JSON.stringify(typed)).toBe(JSON.stringify(alone).replaceAll(`file:///${folder}/`, 'file:///typed/'));
      }
    }),
    { numRuns: 40 },
  );
});
