import type { ModelFiles } from '#core/catalog/model-files.ts';
import type { AskHub } from '#core/host.ts';
import type { Problem } from '#core/source/problem.ts';
import type { SourceFile } from '#core/source/source-file.ts';
import { type JobModel, unknownModels } from '#core/workload/unknown-models.ts';

/** Models that one session asks for at most: a hub is no table to be read out. */
const mostAsked = 32;

/** Asks a hub for models that nothing else tells of, each id once in a session. */
export interface HubModels {
  /** Models that the hub has told of so far. */
  learned(): readonly ModelFiles[];
  /** Asks for what the jobs leave unknown; true where something new came. What did not come is told in `problems`. */
  ask(jobs: readonly JobModel[], files: ReadonlyMap<string, SourceFile>): Promise<boolean>;
  /** Why models are still unknown, a sentence each. */
  problems(): readonly Problem[];
}

/** Remembers what was asked of a hub, and what it answered. */
export function keepHubModels(askHub: AskHub): HubModels {
  const asked = new Set<string>();
  const models: ModelFiles[] = [];
  const problems: Problem[] = [];
  return {
    learned: () => models,
    problems: () => problems,
    async ask(jobs, files) {
      const ids = unknownModels(jobs, files).filter((id) => !asked.has(id));
      const now = ids.slice(0, Math.max(0, mostAsked - asked.size));
      for (const id of now) asked.add(id);
      const answers = await Promise.all(now.map((id) => askHub(id)));
      for (const [i, answer] of answers.entries()) {
        if ('reason' in answer)
          problems.push({ code: 'hub', message: `The model hub ${answer.reason} when asked for ${now[i]}.` });
        else models.push(answer);
      }
      return answers.some((answer) => !('reason' in answer));
    },
  };
}
