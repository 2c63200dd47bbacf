import { reader as k8sDeployment } from './k8s-deployment.ts';
import { reader as k8sJob } from './k8s-job.ts';
import { reader as kubeflowJob } from './kubeflow-job.ts';
import type { Reader } from './reader.ts';

/** Every reader of the room, in the order of their names. Made by `npm run generate`. */
export const readers: readonly Reader[] = [k8sDeployment, k8sJob, kubeflowJob];
