import { reader as jobset } from './jobset.ts';
import { reader as k8sDeployment } from './k8s-deployment.ts';
import { reader as k8sJob } from './k8s-job.ts';
import { reader as kserve } from './kserve.ts';
import { reader as kubeflowJob } from './kubeflow-job.ts';
import { reader as kuberay } from './kuberay.ts';
import { reader as leaderworkerset } from './leaderworkerset.ts';
import type { Reader } from './reader.ts';
import { reader as trainingRuntime } from './training-runtime.ts';
import { reader as trainjob } from './trainjob.ts';
import { reader as volcano } from './volcano.ts';

/** Every reader of the room, in the order of their names. Made by `npm run generate`. */
export const readers: readonly Reader[] = [
  jobset,
  k8sDeployment,
  k8sJob,
  kserve,
  kubeflowJob,
  kuberay,
  leaderworkerset,
  trainingRuntime,
  trainjob,
  volcano,
];
