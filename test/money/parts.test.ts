import { describe, expect, it } from 'vitest';
import { analyze } from '#core/analyze.ts';
import { billedSeconds, billingOf } from '#core/catalog/billing.ts';
import { egressCost } from '#core/estimate/in-currency.ts';
import { defaultSettings, type Settings } from '#core/settings.ts';
import { languageOf } from '#core/source/language.ts';
import type { SourceFile } from '#core/source/source-file.ts';
import { testCatalog } from '../catalog/load.ts';
import { testSyntax } from '../grammars.ts';

const catalog = testCatalog();

const sky = (lines: string) => `resources:
  accelerators: A100:8
${lines}num_nodes: 2
run: |
  torchrun --nproc_per_node 8 train.py
`;

const program = (output: string) => `from datasets import load_dataset
from transformers import AutoModelForCausalLM, Trainer, TrainingArguments

model = AutoModelForCausalLM.from_pretrained("meta-llama/Llama-3.1-8B", torch_dtype="bfloat16")
data = load_dataset("tatsu-lab/alpaca", split="train")
args = TrainingArguments(
    output_dir="${output}",
    per_device_train_batch_size=4,
    num_train_epochs=3,
    bf16=True,
    save_steps=100,
)
Trainer(model=model, args=args, train_dataset=data).train()
`;

const cluster = `Region: us-east-2
Image:
  Os: ubuntu2204
HeadNode:
  InstanceType: HEAD
Scheduling:
  Scheduler: slurm
  SlurmQueues:
    - Name: gpu
      ComputeResources:
        - Name: h100
          InstanceType: p5.48xlarge
          MinCount: 4
          MaxCount: 4
SharedStorage:
  - Name: fsx
    StorageType: FsxLustre
    MountDir: /fsx
    FsxLustreSettings:
      StorageCapacity: 4800
`;

async function costOf(texts: Readonly<Record<string, string>>, given: Partial<Settings> = {}) {
  const files = new Map(
    Object.entries(texts).flatMap(([name, text]): readonly (readonly [string, SourceFile])[] => {
      const uri = `file:///job/${name}`;
      const languageId = languageOf(uri, text);
      return languageId === undefined ? [] : [[uri, { uri, languageId, version: 0, text }]];
    }),
  );
  const settings = { ...defaultSettings, today: '2026-08-01', ...given };
  const [one] = analyze({ files, syntax: await testSyntax(), catalog, settings }).workloads;
  return { cost: one?.estimate.cost, row: one?.report.rows.find(({ label }) => label === 'including')?.value };
}

describe('beside its machines a job pays', () => {
  it('for nothing that no file states', async () => {
    const { cost, row } = await costOf({ 'task.yaml': sky('  cloud: aws\n'), 'train.py': program('out') });
    expect([cost?.parts, cost?.machinesPerHour, row]).toEqual([undefined, undefined, undefined]);
  });

  it('for the disks that its machines ask for, by the region', async () => {
    const lines = '  cloud: gcp\n  region: europe-west4\n  disk_size: 1024\n';
    const { cost, row } = await costOf({ 'task.yaml': sky(lines), 'train.py': program('out') });
    expect(cost?.parts).toMatchObject([{ id: 'disk', basis: 'compute-disk pd-balanced, 2026-07-30' }]);
    // 2 machines x 1024 GiB at 0.11 (balanced) to 0.187 dollars (SSD) a month of 730 hours.
    expect(cost?.parts?.[0]?.perHour?.micros).toEqual({ low: 308_603, likely: 308_603, high: 524_625 });
    expect((cost?.perHour.micros.likely ?? 0) - (cost?.machinesPerHour?.micros.likely ?? 0)).toBe(308_603);
    expect(row).toBe('disks of 1024 GiB on 2 machines $0.31 (0.31-0.52)/h (compute-disk pd-balanced, 2026-07-30)');
  });

  it('what no table has a price of is named with the reason, and no amount of it is in the sum', async () => {
    const lines = '  cloud: azure\n  region: eastus\n  disk_size: 512\n';
    const { cost, row } = await costOf({ 'task.yaml': sky(lines) });
    expect(cost?.perHour).toEqual(cost?.machinesPerHour);
    expect(row).toMatch(/^disks of 512 GiB on \d machines price unknown \(no price of it on azure is in the tables\)$/);
  });

  it('nothing more at an own rate, which holds all that belongs to it', async () => {
    const { cost } = await costOf({ 'task.yaml': sky('  cloud: aws\n  disk_size: 1024\n') }, { rates: { '*': 2 } });
    expect(cost).toMatchObject({ perHour: { micros: { likely: 32_000_000 } } });
    expect(cost?.parts).toBeUndefined();
  });

  it('for a head node and a file system, dated, wider and said to be old where they are', async () => {
    const known = await costOf({ 'cluster.yaml': cluster.replace('HEAD', 'm6i.4xlarge') }, { today: '2026-12-24' });
    expect(known.row).toBe(
      'file system of 4800 GiB $0.92 (0.74-1.19)/h (fsx-lustre scratch of us-east-1, retrieved 2026-11); head node m6i.4xlarge $0.77 (0.69-0.85)/h (on demand in us-east-1, 2026-07-20, old)',
    );
    const strange = await costOf({ 'cluster.yaml': cluster.replace('HEAD', 'x9.mega') });
    expect(strange.row).toContain('head node x9.mega price unknown (no price of x9.mega is in the tables)');
  });

  it("once for saves that go to another cloud's bucket, and nothing for one of its own", async () => {
    const lines = '  cloud: aws\n  region: us-east-1\n';
    const { cost } = await costOf({ 'task.yaml': sky(lines), 'train.py': program('gs://bucket/run') });
    const [part] = cost?.parts ?? [];
    expect(part).toMatchObject({ id: 'egress', label: 'traffic of the saves from aws to gcp' });
    expect(part?.once?.micros.likely).toBeGreaterThan(1_000_000);
    const own = await costOf({ 'task.yaml': sky(lines), 'train.py': program('s3://bucket/run') });
    expect(own.cost?.parts).toBeUndefined();
    expect((cost?.total?.micros.likely ?? 0) - (own.cost?.total?.micros.likely ?? 0)).toBe(part?.once?.micros.likely);
  });

  it('in the currency of the settings', async () => {
    const lines = '  cloud: gcp\n  region: europe-west4\n  disk_size: 1024\n';
    const { cost } = await costOf({ 'task.yaml': sky(lines) }, { currency: 'EUR', exchangeRate: 0.5 });
    expect(cost?.parts?.[0]?.perHour).toMatchObject({ currency: 'EUR', micros: { likely: 154_302 } });
  });
});

describe('traffic', () => {
  it('is billed by tiers, the free one first', () => {
    const tier = {
      cloud: 'aws',
      region: 'us-east-1',
      direction: 'internet',
      destination: 'worldwide',
      asOf: '2026',
      source: 'x',
    };
    const tiers = [
      { ...tier, fromGB: 0, toGB: 100, usdPerGB: 0 },
      { ...tier, fromGB: 100, toGB: 200, usdPerGB: 0.1 },
      { ...tier, fromGB: 200, usdPerGB: 0.05 },
    ];
    expect([50, 150, 300].map((gigabytes) => egressCost(gigabytes, tiers))).toEqual([0, 5, 15]);
  });
});

describe('time is billed', () => {
  const offer = (query: Parameters<typeof catalog.offers>[0]) => {
    const [found] = catalog.offers(query);
    if (!found) throw new Error('no such offer');
    return found;
  };
  it.each([
    [{ instanceType: 'p5.48xlarge', kind: 'on-demand' }, 20, 60],
    [{ instanceType: 'p5.48xlarge', kind: 'on-demand' }, 3601, 3601],
    [{ instanceType: 'a2-highgpu-1g', kind: 'spot' }, 1, 60],
    [{ cloud: 'lambda', kind: 'on-demand' }, 20, 20],
    [{ instanceType: 'p5e.48xlarge', kind: 'reserved' }, 90_000, 172_800],
  ] as const)('%j: %d seconds as %d', (query, seconds, billed) => {
    expect(billedSeconds(seconds, billingOf(offer(query)))).toBe(billed);
  });

  it('by whole days in a capacity block, said so', async () => {
    const lines = '  instance_type: p5e.48xlarge\n  region: us-east-2\n';
    const task = sky(lines).replace('  accelerators: A100:8\n', '');
    const settings = { priceKind: 'reserved' as const, termYears: 0 };
    const { cost } = await costOf({ 'task.yaml': task, 'train.py': program('out') }, settings);
    expect((cost?.total?.micros.likely ?? 0) / (cost?.perHour.micros.likely ?? 1)).toBe(24);
  });
});
