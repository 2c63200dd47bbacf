import { reader as accelerateConfig } from './accelerate-config.ts';
import { reader as alignmentHandbook } from './alignment-handbook.ts';
import { reader as awsBatch } from './aws-batch.ts';
import { reader as axolotl } from './axolotl.ts';
import { reader as azureml } from './azureml.ts';
import { reader as azuremlEndpoint } from './azureml-endpoint.ts';
import { reader as bentoml } from './bentoml.ts';
import { reader as clipDataset } from './clip-dataset.ts';
import { reader as cloudformation } from './cloudformation.ts';
import { reader as compose } from './compose.ts';
import { reader as deepspeedConfig } from './deepspeed-config.ts';
import { reader as determined } from './determined.ts';
import { reader as diffusionPipe } from './diffusion-pipe.ts';
import { reader as dstack } from './dstack.ts';
import { reader as dvc } from './dvc.ts';
import { reader as eksctl } from './eksctl.ts';
import { reader as execConfig } from './exec-config.ts';
import { reader as gcpBatch } from './gcp-batch.ts';
import { reader as gptNeox } from './gpt-neox.ts';
import { reader as helmValues } from './helm-values.ts';
import { reader as hfConfig } from './hf-config.ts';
import { reader as hfTrainer } from './hf-trainer.ts';
import { reader as hfYaml } from './hf-yaml.ts';
import { reader as hydraYaml } from './hydra-yaml.ts';
import { reader as jax } from './jax.ts';
import { reader as jaxConfig } from './jax-config.ts';
import { reader as jobset } from './jobset.ts';
import { reader as k8sDeployment } from './k8s-deployment.ts';
import { reader as k8sJob } from './k8s-job.ts';
import { reader as k8sTemplate } from './k8s-template.ts';
import { reader as kaito } from './kaito.ts';
import { reader as karpenter } from './karpenter.ts';
import { reader as keras } from './keras.ts';
import { reader as kserve } from './kserve.ts';
import { reader as kubeflowJob } from './kubeflow-job.ts';
import { reader as kubeflowPython } from './kubeflow-python.ts';
import { reader as kuberay } from './kuberay.ts';
import { reader as leaderworkerset } from './leaderworkerset.ts';
import { reader as lightning } from './lightning.ts';
import { reader as litgpt } from './litgpt.ts';
import { reader as llamafactory } from './llamafactory.ts';
import { reader as llmFoundry } from './llm-foundry.ts';
import { reader as maxtext } from './maxtext.ts';
import { reader as modal } from './modal.ts';
import { reader as nanotron } from './nanotron.ts';
import { reader as nemo } from './nemo.ts';
import { reader as parallelcluster } from './parallelcluster.ts';
import { reader as peftConfig } from './peft-config.ts';
import { reader as picotron } from './picotron.ts';
import { reader as pytorch } from './pytorch.ts';
import { reader as rayServe } from './ray-serve.ts';
import type { Reader } from './reader.ts';
import { reader as runai } from './runai.ts';
import { reader as sagemaker } from './sagemaker.ts';
import { reader as sagemakerPython } from './sagemaker-python.ts';
import { reader as shellLaunch } from './shell-launch.ts';
import { reader as skypilot } from './skypilot.ts';
import { reader as slurm } from './slurm.ts';
import { reader as speechbrain } from './speechbrain.ts';
import { reader as submitit } from './submitit.ts';
import { reader as terraform } from './terraform.ts';
import { reader as torchtitan } from './torchtitan.ts';
import { reader as torchtitanPython } from './torchtitan-python.ts';
import { reader as torchtune } from './torchtune.ts';
import { reader as trainingRuntime } from './training-runtime.ts';
import { reader as trainjob } from './trainjob.ts';
import { reader as triton } from './triton.ts';
import { reader as trl } from './trl.ts';
import { reader as verl } from './verl.ts';
import { reader as vertex } from './vertex.ts';
import { reader as vertexPython } from './vertex-python.ts';
import { reader as vllmHelm } from './vllm-helm.ts';
import { reader as volcano } from './volcano.ts';
import { reader as workflowPython } from './workflow-python.ts';

/** Every reader of the room, in the order of their names. Made by `npm run generate`. */
export const readers: readonly Reader[] = [
  accelerateConfig,
  alignmentHandbook,
  awsBatch,
  axolotl,
  azureml,
  azuremlEndpoint,
  bentoml,
  clipDataset,
  cloudformation,
  compose,
  deepspeedConfig,
  determined,
  diffusionPipe,
  dstack,
  dvc,
  eksctl,
  execConfig,
  gcpBatch,
  gptNeox,
  helmValues,
  hfConfig,
  hfTrainer,
  hfYaml,
  hydraYaml,
  jax,
  jaxConfig,
  jobset,
  k8sDeployment,
  k8sJob,
  k8sTemplate,
  kaito,
  karpenter,
  keras,
  kserve,
  kubeflowJob,
  kubeflowPython,
  kuberay,
  leaderworkerset,
  lightning,
  litgpt,
  llamafactory,
  llmFoundry,
  maxtext,
  modal,
  nanotron,
  nemo,
  parallelcluster,
  peftConfig,
  picotron,
  pytorch,
  rayServe,
  runai,
  sagemaker,
  sagemakerPython,
  shellLaunch,
  skypilot,
  slurm,
  speechbrain,
  submitit,
  terraform,
  torchtitan,
  torchtitanPython,
  torchtune,
  trainingRuntime,
  trainjob,
  triton,
  trl,
  verl,
  vertex,
  vertexPython,
  vllmHelm,
  volcano,
  workflowPython,
];
