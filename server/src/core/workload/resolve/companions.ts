import type { Catalog } from '../../catalog/catalog.ts';
import { parametersFromName } from '../../catalog/model-name.ts';
import type { FactName } from '../../facts/vocabulary.ts';
import { exact, type Known, likely, unknown } from '../known.ts';
import type { ModelSpec, RolloutSpec } from '../spec.ts';
import type { FactView } from './fact-view.ts';

/** Methods that hold the trained model against a frozen copy of it, whatever their settings. */
const comparing = new Set(['dpo', 'kto']);
/** Methods that do so while the weight of the divergence is above zero, with what it is where nothing states it (TRL, verl). */
const penalised: Readonly<Record<string, number>> = { ppo: 0.05, rloo: 0.05, grpo: 0, reinforce: 0, remax: 0 };

/** The models that stand beside the trained one on its devices, and an average of its weights. */
export function resolveBeside(
  facts: FactView,
  catalog: Catalog,
  model: ModelSpec,
  adapted: boolean,
): Partial<ModelSpec> {
  const method = facts.get('training.method')?.toLowerCase();
  const averaged = facts.maybe('training.ema');
  const besides = method !== undefined && facts.get('hardware.train_gpus') === undefined;
  return {
    ...(averaged ? { averaged } : {}),
    ...(besides && !adapted && comparesTo(facts, method)
      ? { referenceModel: facts.from(true, 'training.method') }
      : {}),
    ...(besides ? judges(facts, catalog, model, method) : {}),
  };
}

function comparesTo(facts: FactView, method: string): boolean {
  if (comparing.has(method)) return true;
  const usual = penalised[method];
  return usual !== undefined && (facts.get('rl.kl_coef') ?? facts.get('rl.beta') ?? usual) > 0;
}

/** A frozen model that scores answers, and the critic of proximal policy optimisation, of the scorer's size where there is one. */
function judges(facts: FactView, catalog: Catalog, model: ModelSpec, method: string): Partial<ModelSpec> {
  if (!(method in penalised)) return {};
  const reward = sizeOf(facts, catalog, 'rl.reward_model');
  const critic = method === 'ppo' ? (reward ?? likely(model.parameters)) : undefined;
  return {
    ...(reward === undefined ? {} : { rewardParameters: facts.from(reward, 'rl.reward_model') }),
    ...(critic === undefined ? {} : { valueParameters: facts.from(critic, 'rl.reward_model', 'training.method') }),
  };
}

/** Parameters of the model that a fact names: by the table, else by the size in its name. */
export function sizeOf(facts: FactView, catalog: Catalog, name: FactName): number | undefined {
  const word = facts.get(name);
  if (typeof word !== 'string') return undefined;
  const entry = catalog.model(word);
  return likely(entry ? entry.parameters : parametersFromName(word));
}

/** TRL's own share for an engine on the devices that train (`vllm_gpu_memory_utilization`), and the release that it was read in. */
const trlShare = { value: 0.3, version: '1.13.0' } as const;

/** Readers of frameworks whose engine shares the devices and sleeps while they train, unless told otherwise. */
const hybrid = new Set(['verl', 'nemo']);

/** The generation engine of a job of reinforcement learning, where it takes its memory from the devices that train. */
export function resolveRollout(facts: FactView): RolloutSpec | undefined {
  const engine = facts.get('rl.rollout_engine')?.toLowerCase();
  if (engine !== 'vllm' && engine !== 'sglang') return undefined;
  const shares = facts.workload.readings.some(({ reader }) => hybrid.has(reader));
  const stated = facts.get('rl.rollout_colocated');
  if (!(stated ?? (shares || facts.stack === 'trl'))) return undefined;
  const memoryUtilization: Known<number> =
    facts.maybe('serving.gpu_memory_utilization') ??
    (facts.stack === 'trl'
      ? exact(trlShare.value, { kind: 'framework-default', framework: 'trl', version: trlShare.version })
      : unknown('the share of the rollout engine is not stated'));
  const sleeps = facts.maybe('rl.rollout_sleep');
  return {
    memoryUtilization,
    sleeps: sleeps ?? facts.from(shares, 'rl.rollout_engine'),
  };
}
