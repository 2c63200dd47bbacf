import { describe, expect, test } from 'vitest';
import { readFile } from '#core/readers/read.ts';
import { languageOf } from '#core/source/language.ts';
import { placeOf } from '#core/source/lines.ts';
import type { SourceFile } from '#core/source/source-file.ts';
import { spanOf } from '#core/source/traced.ts';
import { linkFiles } from '#core/workload/link.ts';
import { testSyntax } from '../../grammars.ts';

/** Facts of the first workload as `value at file:line`, with the real readers. */
async function factsOf(texts: Readonly<Record<string, string>>, main: string) {
  const files = new Map<string, SourceFile>();
  for (const [path, text] of Object.entries(texts)) {
    const uri = `file:///repo/${path}`;
    files.set(uri, { uri, languageId: languageOf(uri, text) ?? 'bash', version: 0, text });
  }
  const { workloads } = linkFiles(files, readFile, await testSyntax(), { main: `file:///repo/${main}` });
  const [workload] = workloads;
  const facts = (workload?.facts ?? []).flatMap((fact) => {
    const span = spanOf(fact.origin);
    const file = span && files.get(span.uri);
    const place = file ? `${file.uri.slice('file:///repo/'.length)}:${placeOf(file, span.start).line}` : 'nowhere';
    return span ? [[fact.name, `${String(fact.value)} at ${place}`]] : [];
  });
  return {
    main: workload?.main.slice('file:///repo/'.length),
    facts: Object.fromEntries(facts) as Record<string, string>,
  };
}

describe('launch scripts', () => {
  test('pass their arguments on to the script that they call', async () => {
    const { main, facts } = await factsOf(
      {
        'runs/big.sh': 'export LR=3e-4\nbash ./base.sh 4 8\n',
        'runs/base.sh': 'GPUS=${1:-1}\ntorchrun --nproc_per_node $GPUS --nnodes ${2:-1} train.py --lr $LR --epochs 2\n',
      },
      'runs/big.sh',
    );
    expect(main).toBe('runs/big.sh');
    expect(facts).toEqual({
      'hardware.gpus_per_node': '4 at runs/big.sh:2',
      'hardware.nodes': '8 at runs/big.sh:2',
      'hardware.total_gpus': '32 at runs/big.sh:2',
      'optimizer.lr': '0.0003 at runs/big.sh:1',
      'training.epochs': '2 at runs/base.sh:2',
    });
  });

  test('are read with the config that they write', async () => {
    const script = `ZERO=3
CONF=$(dirname "$0")/ds_$1.json
cat > $CONF <<EOF
{ "zero_optimization": { "stage": $ZERO },
  "gradient_accumulation_steps": 4, "bf16": { "enabled": true } }
EOF
deepspeed --num_gpus 8 train.py --deepspeed_config $CONF --learning_rate 1e-5
`;
    const { facts } = await factsOf({ 'run.sh': script }, 'run.sh');
    expect(facts['parallel.zero_stage']).toBe('3 at run.sh:1');
    expect(facts['training.gradient_accumulation_steps']).toBe('4 at run.sh:5');
    expect(facts['hardware.gpus_per_node']).toBe('8 at run.sh:7');
  });

  test('stand over the config they name', async () => {
    const { facts } = await factsOf(
      {
        'jobs/run.sh': 'llamafactory-cli train conf/sft.yaml learning_rate=5e-5\n',
        'conf/sft.yaml':
          'model_name_or_path: Qwen/Qwen2.5-7B\nstage: sft\ndo_train: true\nfinetuning_type: lora\nlearning_rate: 1.0e-4\nnum_train_epochs: 3.0\n',
      },
      'jobs/run.sh',
    );
    expect(facts['optimizer.lr']).toBe('0.00005 at jobs/run.sh:1');
    expect(facts['training.epochs']).toBe('3 at conf/sft.yaml:6');
    expect(facts['model.name']).toBe('Qwen/Qwen2.5-7B at conf/sft.yaml:1');
  });

  test('that source settings are read with them', async () => {
    const { facts } = await factsOf(
      {
        'a/train.sbatch':
          '#!/bin/bash\n#SBATCH --nodes=2\nsource "$(dirname "$0")/../env.sh"\nsrun torchrun --nproc_per_node=$GPUS t.py --lr $LR\n',
        'env.sh': 'GPUS=8\nLR=1e-3\n',
      },
      'a/train.sbatch',
    );
    expect(facts['hardware.gpus_per_node']).toBe('8 at env.sh:1');
    expect(facts['optimizer.lr']).toBe('0.001 at env.sh:2');
  });
});

describe('flags of a launcher', () => {
  const program = (epochs: string) => `import argparse
from transformers import Trainer, TrainingArguments
parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int, default=3)
args = parser.parse_args()
arguments = TrainingArguments("out", num_train_epochs=${epochs}, per_device_train_batch_size=4)
Trainer(model=model, args=arguments, train_dataset=data).train()
`;

  test('hold where the program uses them', async () => {
    const { facts } = await factsOf(
      { 'run.sh': 'torchrun --nproc_per_node 8 train.py --epochs 2\n', 'train.py': program('args.epochs') },
      'train.py',
    );
    expect(facts['training.epochs']).toBe('2 at run.sh:1');
  });

  test('do not speak for a program that says something else', async () => {
    const { facts } = await factsOf(
      {
        'run.sbatch':
          '#!/bin/bash\n#SBATCH --nodes=1\n#SBATCH --gres=gpu:8\nsrun torchrun --nproc_per_node 8 train.py --epochs 2 --bf16\n',
        'train.py': program('30'),
      },
      'train.py',
    );
    expect(facts['training.epochs']).toBe('30 at train.py:6');
    expect(facts['hardware.gpus_per_node']).toMatch(/^8 at run.sbatch/);
  });

  test('that are not known before the run leave a literal of the program alone', async () => {
    const { facts } = await factsOf(
      { 'run.sh': 'torchrun --nproc_per_node 8 train.py --epochs $EPOCHS\n', 'train.py': program('30') },
      'run.sh',
    );
    expect(facts['training.epochs']).toBe('30 at train.py:6');
  });

  test('hold for a program that takes its command apart by other means', async () => {
    const { facts } = await factsOf(
      {
        'run.sh': 'python train.py --epochs=2\n',
        'train.py': program('3').replace(/^parser.*\n|^args.*\n/gm, ''),
      },
      'run.sh',
    );
    expect(facts['training.epochs']).toBe('2 at run.sh:1');
  });
});
