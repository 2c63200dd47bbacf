import { type AnalyzeInput, analyze, whatIfInput } from '#core/index.ts';
import { defaultSettings, type Settings } from '#core/settings.ts';
import { languageOf } from '#core/source/language.ts';
import type { SourceFile } from '#core/source/source-file.ts';
import { testCatalog } from '../catalog/load.ts';
import { testSyntax } from '../grammars.ts';

const script = `import torch
from datasets import load_dataset
from transformers import AutoModelForCausalLM
from trl import SFTConfig, SFTTrainer

model = AutoModelForCausalLM.from_pretrained("meta-llama/Llama-3.1-8B", torch_dtype=torch.bfloat16)
args = SFTConfig(
    output_dir="out",
    bf16=True,
    gradient_checkpointing=True,
    per_device_train_batch_size=2,
    gradient_accumulation_steps=8,
    max_length=2048,
    max_steps=2000,
)
SFTTrainer(model=model, args=args, train_dataset=load_dataset("HuggingFaceH4/ultrachat_200k")).train()
`;

/** A fine-tuning of Llama 3.1 8B, sharded by accelerate, on a Slurm cluster that names no cloud. */
export const slurmJob: Readonly<Record<string, string>> = {
  'train.py': script,
  'fsdp.yaml': `distributed_type: FSDP
fsdp_config:
  fsdp_sharding_strategy: FULL_SHARD
mixed_precision: bf16
num_machines: 1
num_processes: 8
`,
  'run.sbatch': `#!/bin/bash
#SBATCH --job-name=sft
#SBATCH --nodes=1
#SBATCH --gres=gpu:h100:8  # a whole node
#SBATCH --time=24:00:00
srun accelerate launch --config_file fsdp.yaml train.py
`,
};

/** QLoRA of a 7B model on one card of a cloud. */
export const skyJob: Readonly<Record<string, string>> = {
  'tune.yaml': `base_model: mistralai/Mistral-7B-v0.1
load_in_4bit: true
adapter: qlora
lora_r: 16
lora_alpha: 32
lora_target_linear: true
sequence_len: 2048
micro_batch_size: 1
gradient_accumulation_steps: 16
max_steps: 1000
optimizer: adamw_torch
bf16: true
gradient_checkpointing: true
output_dir: ./out
`,
  'sky.yaml': `resources:
  cloud: aws
  accelerators: A10G:1  # g5
run: |
  axolotl train tune.yaml
`,
};

/** A loop of one's own in fp32: it knows one device only. */
export const plainJob: Readonly<Record<string, string>> = {
  'train.py': `import torch
from torch.utils.data import DataLoader
from transformers import AutoModelForCausalLM

model = AutoModelForCausalLM.from_pretrained("gpt2-large").cuda()
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4)
loader = DataLoader(dataset, batch_size=4)
for epoch in range(3):
    for batch in loader:
        loss = model(**batch).loss
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
`,
};

/** vLLM in a Deployment: two replicas of four cards each. */
export const deployment: Readonly<Record<string, string>> = {
  'serve.yaml': `apiVersion: apps/v1
kind: Deployment
metadata:
  name: llama-70b
spec:
  replicas: 2
  selector: { matchLabels: { app: llama-70b } }
  template:
    metadata: { labels: { app: llama-70b } }
    spec:
      nodeSelector:
        cloud.google.com/gke-accelerator: nvidia-h100-80gb
      containers:
        - name: vllm
          image: vllm/vllm-openai:v0.10.2
          command: ["vllm", "serve", "meta-llama/Llama-3.1-70B-Instruct"]
          args:
            - --tensor-parallel-size=4
            - --max-model-len=16384
            - --max-num-seqs=128
          resources:
            limits: { nvidia.com/gpu: "4" }
`,
};

/** vLLM on a rented machine. */
export const skyServer: Readonly<Record<string, string>> = {
  'serve.yaml': `resources:
  accelerators: A100-80GB:2
run: |
  vllm serve Qwen/Qwen2.5-32B-Instruct --tensor-parallel-size 2 --max-model-len 8192 --max-num-seqs 64
`,
};

/** SGLang on a cluster. */
export const slurmServer: Readonly<Record<string, string>> = {
  'serve.sbatch': `#!/bin/bash
#SBATCH --nodes=1
#SBATCH --gres=gpu:h100:1
srun python -m sglang.launch_server --model-path Qwen/Qwen2.5-7B-Instruct --context-length 16384 --max-running-requests 128
`,
};

/** A LoRA by LLaMA-Factory. */
export const factoryJob: Readonly<Record<string, string>> = {
  'train.yaml': `model_name_or_path: Qwen/Qwen2.5-7B
stage: sft
do_train: true
finetuning_type: lora
lora_rank: 16
dataset: alpaca_en_demo
template: qwen
cutoff_len: 2048
output_dir: saves/run
per_device_train_batch_size: 2
gradient_accumulation_steps: 8
max_steps: 3000
bf16: true
`,
};

const root = 'file:///work/repo/';

/** Some files as documents of one folder. */
export function documents(texts: Readonly<Record<string, string>>): ReadonlyMap<string, SourceFile> {
  return new Map(
    Object.entries(texts).map(([name, text]): readonly [string, SourceFile] => {
      const uri = `${root}${name}`;
      return [uri, { uri, languageId: languageOf(uri, text) ?? 'yaml', version: 0, text }];
    }),
  );
}

/** The first job of some files, with all that a search needs. */
export async function jobOf(files: ReadonlyMap<string, SourceFile>, settings: Partial<Settings> = {}) {
  const input: AnalyzeInput = {
    files,
    syntax: await testSyntax(),
    catalog: testCatalog(),
    settings: { ...defaultSettings, today: '2026-11-01', ...settings },
  };
  const [first, ...more] = analyze(input).workloads;
  if (!first || more.length > 0) throw new Error(`${more.length + (first ? 1 : 0)} jobs, not one`);
  return { ...first, world: whatIfInput(first.workload, input) };
}
