import { describe, expect, test } from 'vitest';
import { analyze } from '#core/analyze.ts';
import { defaultSettings } from '#core/settings.ts';
import { isSource, openSource } from '#core/source/open.ts';
import { hasNoAccelerator } from '#core/workload/without-accelerator.ts';
import { testCatalog } from '../../catalog/load.ts';
import { testSyntax } from '../../grammars.ts';

const syntax = await testSyntax();

function jobs(name: string, text: string): readonly string[] {
  const file = openSource(`file:///w/${name}`, 0, text);
  const files = new Map(isSource(file) ? [[file.uri, file] as const] : []);
  const { workloads } = analyze({ files, syntax, catalog: testCatalog(), settings: defaultSettings });
  return workloads.map(({ workload }) => workload.name);
}

describe('machine types without accelerators', () => {
  test.each([
    'Standard_DS3_v2',
    'STANDARD_F4S_V2',
    'ml.m5.xlarge',
    'c7i-flex.large',
    'r6id.metal',
    'hpc7g.16xlarge',
    'u-12tb1.112xlarge',
    'x2idn.32xlarge',
    'n1-standard-16',
    'e2-medium',
    'c3d-highmem-60',
  ])('%s', (type) => expect(hasNoAccelerator(type)).toBe(true));

  test.each([
    'Standard_NC24ads_A100_v4',
    'Standard_ND96isr_H100_v5',
    'p4d.24xlarge',
    'ml.g5.2xlarge',
    'gr6.4xlarge',
    'trn1.32xlarge',
    'ml.inf2.xlarge',
    'dl1.24xlarge',
    'vt1.3xlarge',
    'a2-highgpu-8g',
    'g2-standard-4',
    'ct5lp-hightpu-4t',
    'gpu-cluster',
  ])('not %s', (type) => expect(hasNoAccelerator(type)).toBe(false));
});

const endpoint = (
  type: string,
) => `$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json
name: blue
endpoint_name: prices
model: azureml:prices:3
instance_type: ${type}
instance_count: 2
`;

const service = (resources: string, args = '') => `apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: { name: iris }
spec:
  predictor:
    model:
      modelFormat: { name: huggingface }
      args: [${args}]
      resources: { requests: ${resources}, limits: ${resources} }
`;

describe('jobs without accelerators', () => {
  test('a deployment on a machine without one is none, one on a GPU is', () => {
    expect(jobs('blue.yml', endpoint('Standard_DS3_v2'))).toEqual([]);
    expect(jobs('blue.yml', endpoint('Standard_NC6s_v3'))).toEqual(['blue']);
  });

  test('a pod that asks for processors and memory alone is none, unless a model of known size is served', () => {
    expect(jobs('iris.yaml', service('{ cpu: "1", memory: 2Gi }'))).toEqual([]);
    expect(jobs('iris.yaml', service('{ cpu: "1", memory: 2Gi, nvidia.com/gpu: "1" }'))).toEqual(['iris']);
    const served = service('{ cpu: "8", memory: 32Gi }', '--model_id=meta-llama/Llama-3.1-8B-Instruct');
    expect(jobs('iris.yaml', served)).toEqual(['iris']);
  });

  test('a pod that only holds a place is none', () => {
    const pod = (image: string) => `apiVersion: apps/v1
kind: Deployment
metadata: { name: inflate }
spec:
  replicas: 2
  selector: { matchLabels: { app: inflate } }
  template:
    metadata: { labels: { app: inflate } }
    spec:
      containers:
        - { name: inflate, image: ${image}, resources: { limits: { nvidia.com/gpu: 1 } } }
`;
    expect(jobs('inflate.yaml', pod('registry.k8s.io/pause:3.10'))).toEqual([]);
    expect(jobs('inflate.yaml', pod('ollama/ollama:0.12.3'))).toEqual(['inflate']);
  });

  test('a program that trains is a job wherever it runs', () => {
    const program = `import torch
model = torch.nn.Linear(10, 2)
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
for batch in torch.utils.data.DataLoader(list(range(100)), batch_size=8):
    loss = model(batch).sum()
    loss.backward()
    optimizer.step()
`;
    expect(jobs('train.py', program)).toEqual(['train']);
  });
});
