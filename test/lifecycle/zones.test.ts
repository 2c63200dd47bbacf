import { expect, test } from 'vitest';
import { analyze } from '#core/index.ts';
import { describePlacement } from '#core/report/placement.ts';
import { defaultSettings, type LifecycleSettings } from '#core/settings.ts';
import { testCatalog } from '../catalog/load.ts';
import { testSyntax } from '../grammars.ts';
import { filesOf } from '../page/page-of.ts';

const program = `from transformers import AutoModelForCausalLM, Trainer, TrainingArguments
model = AutoModelForCausalLM.from_pretrained("meta-llama/Llama-3.1-8B")
args = TrainingArguments(output_dir="o", per_device_train_batch_size=1, max_steps=1000, bf16=True, deepspeed="ds.json")
Trainer(model=model, args=args, train_dataset=data).train()
`;

const manifest = (place: string) => `apiVersion: batch/v1
kind: Job
metadata: {name: spread}
spec:
  completions: 4
  parallelism: 4
  completionMode: Indexed
  template:
    spec:
      nodeSelector: {node.kubernetes.io/instance-type: p4d.24xlarge}
      affinity:
        nodeAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            nodeSelectorTerms:
              - matchExpressions:
                  - {key: topology.kubernetes.io/zone, operator: In, values: ${place}}
      containers:
        - name: train
          image: team/train
          command: [torchrun, --nnodes=4, --nproc_per_node=8, train.py]
          resources: {limits: {nvidia.com/gpu: 8}}
`;

async function placed(place: string, lifecycle: LifecycleSettings = {}): Promise<readonly string[]> {
  const { workloads } = analyze({
    files: filesOf({
      'train.py': program,
      'job.yaml': manifest(place),
      'ds.json': '{"zero_optimization": {"stage": 2}, "bf16": {"enabled": true}}',
    }),
    syntax: await testSyntax(),
    catalog: await testCatalog(),
    settings: { ...defaultSettings, lifecycle },
  });
  const placement = workloads[0]?.estimate.placement;
  return placement ? describePlacement(placement) : [];
}

test('zones that the nodes of a job may stand in are read from its manifest', async () => {
  expect(await placed('[us-west-2a, us-west-2b, us-west-2c]')).toEqual([
    expect.stringMatching(/^up to 3 zones: [\d.]+ GB cross them in a step, \$.* over the run$/),
  ]);
  expect(await placed('[us-west-2a]')).toEqual([]);
});

test('what is said beside the files holds over them', async () => {
  expect((await placed('[us-west-2a, us-west-2b, us-west-2c]', { zones: 2 }))[0]).toMatch(/^2 zones: /);
});
