import { rule as doesNotFit } from './does-not-fit.ts';
import { rule as filesDisagree } from './files-disagree.ts';
import { rule as fp32OnTensorCores } from './fp32-on-tensor-cores.ts';
import { rule as keepsAllCheckpoints } from './keeps-all-checkpoints.ts';
import { rule as recomputeNotNeeded } from './recompute-not-needed.ts';
import type { Rule } from './rule.ts';

/** Every rule of the room, in the order of their names. Made by `npm run generate`. */
export const rules: readonly Rule[] = [
  doesNotFit,
  filesDisagree,
  fp32OnTensorCores,
  keepsAllCheckpoints,
  recomputeNotNeeded,
];
