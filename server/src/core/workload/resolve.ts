import type { Catalog } from '../catalog/catalog.ts';
import type { Settings } from '../settings.ts';
import { assumed, unknown } from './known.ts';
import type { WorkloadSpec } from './spec.ts';
import type { Workload } from './workload.ts';

/** Facts, settings, framework defaults and named assumptions become a spec, in that order of precedence. */
export function resolveSpec(_workload: Workload, _catalog: Catalog, _settings: Settings): WorkloadSpec {
  return {
    task: 'finetune',
    code: {
      stack: 'other',
      attention: unknown('not stated'),
      compiled: unknown('not stated'),
      fusedLoss: unknown('not stated'),
    },
    model: { name: unknown('not stated'), architecture: unknown('not stated'), parameters: unknown('not stated') },
    precision: {
      parameters: unknown('not stated'),
      compute: unknown('not stated'),
      autocast: unknown('not stated'),
      masterWeights: unknown('not stated'),
      gradients: unknown('not stated'),
    },
    data: { sequenceLength: unknown('not stated'), packed: unknown('not stated') },
    parallelism: {
      dataParallel: assumed(1, 'one-device'),
      tensorParallel: assumed(1, 'one-device'),
      pipelineParallel: assumed(1, 'one-device'),
      contextParallel: assumed(1, 'one-device'),
      expertParallel: assumed(1, 'one-device'),
      sequenceParallel: assumed(false, 'one-device'),
      zeroStage: assumed(0, 'one-device'),
      offloadOptimizer: assumed('none', 'one-device'),
      offloadParameters: assumed('none', 'one-device'),
      implementation: 'none',
    },
    recompute: { mode: unknown('not stated') },
    resources: {
      accelerator: unknown('not stated'),
      perNode: unknown('not stated'),
      nodes: unknown('not stated'),
      priceKind: assumed('on-demand', 'on-demand'),
    },
  };
}
