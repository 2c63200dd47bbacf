import { jobReader } from './dialects/job-reader.ts';
import { scriptSurveys } from './dialects/launch-script.ts';
import { hasSlurmHeader } from './dialects/slurm-header.ts';
import type { Reader } from './reader.ts';

/** Shell scripts that launch training or serving: torchrun, accelerate, DeepSpeed, Megatron, vLLM and many more. */
export const reader: Reader = jobReader({
  id: 'shell-launch',
  info: { title: 'Launch scripts', files: '*.sh with torchrun, accelerate, deepspeed, python, swift, vllm serve ...' },
  languages: ['bash'],
  mentions: (text) =>
    !hasSlurmHeader(text) &&
    /\b(?:python\d?|torchrun|accelerate|deepspeed|tune\s+run|axolotl|llamafactory-cli|litgpt|composer|vllm|sglang|srun|sbatch|mpirun|mpiexec|horovodrun|ray\s+job|trl|swift|megatron\s+(?:sft|pt|rlhf)|xtuner|oumi|text-generation-launcher|trtllm-serve|envsubst|llama-server|runai|nemo|TP|MBS)\b|\.(?:sh|py|sbatch|slurm)\b/.test(
      text,
    ),
  surveys: (file, context) => scriptSurveys(file, context, { reader: 'shell-launch' }),
});
