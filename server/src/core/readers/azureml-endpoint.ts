import { at } from '../syntax/data.ts';
import { count, without, words } from './dialects/form.ts';
import { putInstanceType } from './dialects/instances.ts';
import { jobReader } from './dialects/job-reader.ts';
import { keySpan } from './dialects/kubernetes.ts';
import { textAt } from './dialects/manifest.ts';
import { putContainerResources } from './dialects/pod.ts';
import { namesDevice } from './dialects/relevance.ts';
import { newSheet, put, survey } from './dialects/sheet.ts';
import { sliceScalar, textIn } from './dialects/slice.ts';
import type { Reader } from './reader.ts';

/** Azure Machine Learning deployments of a model behind an online or batch endpoint, on machines with accelerators. */
export const reader: Reader = jobReader({
  id: 'azureml-endpoint',
  info: { title: 'Azure Machine Learning deployment', files: '`managedOnlineDeployment` YAML' },
  languages: ['yaml'],
  mentions: (text) =>
    /Deployment\.schema\.json|^endpoint_name\s*:/m.test(text) && /^(?:instance_type|compute|resources)\s*:/m.test(text),
  surveys(file, { syntax }) {
    const root = syntax.data(file)[0]?.root;
    const sheet = newSheet(file);
    put(sheet, 'job.name', at(root, 'name'), words);
    putInstanceType(sheet, at(root, 'instance_type') ?? at(root, 'resources', 'instance_type'));
    put(sheet, 'infra.compute', at(root, 'compute'), without(/^azureml:/));
    put(sheet, 'serving.replicas', at(root, 'instance_count'), count);
    put(sheet, 'hardware.nodes', at(root, 'resources', 'instance_count'), count);
    if (root?.kind === 'map') putContainerResources(sheet, root);
    put(sheet, 'job.max_retries', at(root, 'settings', 'retry_settings', 'max_retries'), count);
    put(sheet, 'serving.min_replicas', at(root, 'scale_settings', 'min_instances'), count);
    put(sheet, 'serving.max_replicas', at(root, 'scale_settings', 'max_instances'), count);
    const concurrency = at(root, 'request_settings', 'max_concurrent_requests_per_instance');
    put(sheet, 'serving.target_concurrency', concurrency, count);
    const model = at(root, 'model');
    const named = model?.kind === 'scalar' ? /(?:models\/|^azureml:)([\w.-]+)/.exec(textIn(model)) : null;
    if (model?.kind === 'scalar' && named?.[1]) {
      const start = named.index + named[0].length - named[1].length;
      put(sheet, 'model.name', sliceScalar(model, start, start + named[1].length), words);
    }
    put(sheet, 'model.name', at(model, 'name'), words);
    put(sheet, 'job.image', at(root, 'environment', 'image'), words);
    if (!namesDevice(sheet) && !(at(root, 'model') && at(root, 'endpoint_name'))) return [];
    const anchor = keySpan(root, 'instance_type') ?? keySpan(root, 'resources') ?? root?.span;
    return anchor ? [survey(sheet, 'azureml-endpoint', textAt(root, 'name') ?? 'deployment', 'serving', anchor)] : [];
  },
});
