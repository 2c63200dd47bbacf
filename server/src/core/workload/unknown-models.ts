import type { SourceFile } from '../source/source-file.ts';
import type { WorkloadSpec } from './spec.ts';
import type { Workload } from './workload.ts';

/** An owner and a name, as model hubs write them; nothing else of a job has this form and is asked about. */
const hubId = /^[A-Za-z0-9][\w.-]{0,95}\/[A-Za-z0-9][\w.-]{0,95}$/;

/** Words that begin paths of one's own, and endings of files: such a name is no hub's. */
const ownFolder =
  /^(?:out|outs|outputs?|checkpoints?|ckpts?|models?|results?|runs?|data|datasets?|weights|saved?|saves|tmp|logs?|exp|experiments?|local|pretrained|cache)\//i;
const fileEnding = /\.(?:pth?|bin|ckpt|gguf|safetensors|ya?ml|json|txt|zip|tar|gz)$/i;

/** A job with the files it was read from, as far as its model is concerned. */
export interface JobModel {
  readonly workload: Workload;
  readonly spec: WorkloadSpec;
}

/**
 * Hub ids that jobs name and that neither tables nor files tell anything of. A name that may be a folder of one's own is
 * never among them: what is asked of a hub is to say nothing of the user's disk.
 */
export function unknownModels(jobs: readonly JobModel[], files: ReadonlyMap<string, SourceFile>): readonly string[] {
  const found = new Set<string>();
  for (const { workload, spec } of jobs) {
    if (spec.model.architecture.kind !== 'unknown') continue;
    const value = workload.facts.find(({ name }) => name === 'model.name')?.value;
    const id = typeof value === 'string' ? value.trim() : '';
    if (!hubId.test(id) || id.includes('..') || ownFolder.test(id) || fileEnding.test(id)) continue;
    const isFolder = [...files.keys()].some((uri) => uri.includes(`/${id}/`));
    if (!isFolder) found.add(id);
  }
  return [...found];
}
