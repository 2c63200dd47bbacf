import { likely } from '../workload/known.ts';
import { describeGain } from './advice/advise.ts';
import { found, isWorth, propose, statedPlace, statedValue, weigh } from './propose.ts';
import type { Rule } from './rule.ts';

/** Tensor parallelism whose every layer waits for the network between nodes. */
export const rule: Rule = {
  id: 'tensor-parallel-across-nodes',
  meta: {
    title: 'Tensor parallel across nodes',
    severity: 'warning',
    tags: ['waste'],
    why: 'Tensor parallelism exchanges activations twice in every layer, and nothing hides it. Inside a node that runs over NVLink; between nodes over a network ten times slower. Pipeline stages send once at their border.',
    evidence:
      'Narayanan et al. 2021 (Megatron-LM on clusters): tensor parallelism within a node, pipeline across. Messages and links: docs/estimator-time.md.',
    bad: '--tensor-model-parallel-size 16   # nodes of 8 GPUs',
    good: '--tensor-model-parallel-size 8 --pipeline-model-parallel-size 2',
    threshold: { percent: 5 },
  },
  check(view) {
    const { parallelism, resources } = view.spec;
    const tensor = likely(parallelism.tensorParallel) ?? 1;
    const perNode = resources.perNode;
    const nodes = likely(resources.nodes) ?? 1;
    if (perNode.kind !== 'exact' || perNode.origin.kind === 'assumption' || nodes < 2) return [];
    if (tensor <= perNode.value || tensor % perNode.value !== 0) return [];
    // Racks whose links join more than a node are no network.
    if (/^GB[23]00/.test(likely(resources.accelerator) ?? '')) return [];
    const span = statedPlace(view, 'parallel.tp', 'serving.tp');
    const name = statedValue(view, 'serving.tp') === undefined ? 'parallel.tp' : 'serving.tp';
    const pipeline = (likely(parallelism.pipelineParallel) ?? 1) * (tensor / perNode.value);
    const changes = [{ name, value: perNode.value } as const, { name: 'parallel.pp', value: pipeline } as const];
    const weighed = weigh(view, changes);
    const gains = view.spec.task !== 'serving' && isWorth(view, weighed.saving) && weighed.fits;
    // Where the time of both is known, what saves nothing is no finding; a server's network is in no estimate.
    const known = view.spec.task !== 'serving' && weighed.saving.timeShare !== undefined && weighed.fits;
    if (!span || (known && !gains)) return [];
    const title = `Tensor parallel ${perNode.value}, pipeline ${pipeline}`;
    const proposed = gains ? [propose(view, { title, changes, safe: false, effect: 'order of sums' }, weighed)] : [];
    const gain = gains ? ` ${title}: ${describeGain(weighed.saving)}.` : '';
    const message = `Tensor parallel ${tensor} spans ${tensor / perNode.value} nodes of ${perNode.value} GPUs: every layer waits for the network between them.${gain}`;
    return found(rule, span, message, proposed);
  },
};
