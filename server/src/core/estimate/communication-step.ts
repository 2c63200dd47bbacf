import type { TransformerShape } from '../workload/architecture.ts';
import {
  busBandwidth,
  domainOf,
  exchangeSeconds,
  type Group,
  gatherSeconds,
  groupOf,
  networkOf,
  reduceSeconds,
} from './communication.ts';
import { computedTokens } from './compute-layers.ts';
import type { DeviceRates } from './compute-rates.ts';
import type { Efficiency } from './efficiency.ts';
import { attendingLayers, isSingleFile, mixtureLayers } from './layer-kinds.ts';
import type { Plan } from './plan.ts';

/** Seconds of communication, before any overlap. */
export interface Messages {
  /** Tensor-parallel activations of one micro-batch over all layers of a stage. */
  readonly tensor: number;
  /** Keys and values passed round a context-parallel ring, one micro-batch. */
  readonly context: number;
  /** Tokens sent to experts and back, one micro-batch. */
  readonly expert: number;
  /** Activations handed from stage to stage, one micro-batch. */
  readonly pipeline: number;
  /** Sharded weights gathered and gradients scattered, one micro-batch. */
  readonly shard: number;
  /** Gradients reduced and weights gathered once a step. */
  readonly step: number;
}

const none: Messages = { tensor: 0, context: 0, expert: 0, pipeline: 0, shard: 0, step: 0 };

/** Collectives per layer and micro-batch of tensor parallelism: two forward, two backward; full recomputation repeats the forward. */
function tensorRounds(plan: Plan): number {
  const again = plan.recompute === 'full' ? 2 : 0;
  // Sequence parallelism gathers the saved shard once more for each weight gradient's input.
  return 4 + again + (plan.parallel.sequence ? 1 : 0);
}

/** All messages of one rank. */
export function messagesOf(
  plan: Plan,
  shape: TransformerShape | undefined,
  rates: DeviceRates,
  k: Efficiency,
): Messages {
  const { parallel } = plan;
  if (plan.devices <= 1) return none;
  const domain = domainOf(plan, rates);
  const network = networkOf(plan, rates);
  const tokens = computedTokens(plan);
  const hidden = shape?.hidden ?? 0;
  const layers = (shape?.layers ?? 0) / parallel.pipeline;
  // Layers that are one thing sum up once, where others do so behind each of two.
  const rounds = shape && isSingleFile(shape) ? layers / 2 : layers;
  const attending = shape ? attendingLayers(shape) / parallel.pipeline : 0;
  const element = plan.precision.compute === 'fp32' || plan.precision.compute === 'tf32' ? 4 : 2;
  const t = groupOf(parallel.tensor, 1, domain);
  const tensor =
    parallel.tensor > 1
      ? rounds * tensorRounds(plan) * reduceSeconds(tokens * hidden * element, t, busBandwidth(t, rates, network, k))
      : 0;
  const c = groupOf(parallel.context, parallel.tensor, domain);
  const keys = shape ? 2 * shape.attention.kvHeads * shape.attention.headDim * element : 0;
  const context =
    parallel.context > 1
      ? attending *
        3 *
        gatherSeconds(
          (tokens * keys * parallel.context) / Math.max(1, parallel.tensor),
          c,
          busBandwidth(c, rates, network, k),
        )
      : 0;
  const e = groupOf(parallel.expert, 1, domain);
  const routed = shape?.feedForward.experts?.perToken ?? 0;
  const mixtures = shape && routed > 0 ? mixtureLayers(shape) / parallel.pipeline : 0;
  // What goes to experts has been brought to their width before.
  const sent = shape?.feedForward.experts?.latent ?? hidden;
  const reach = Math.min(routed, parallel.expert);
  const copies = crossings(parallel.expert, reach, e.local);
  const expert =
    parallel.expert > 1 && routed > 0
      ? mixtures *
        (4 + (plan.recompute === 'full' ? 2 : 0)) *
        exchangeSeconds((tokens * sent * element) / parallel.tensor, reach, copies, rates, network, k)
      : 0;
  const stride = parallel.tensor * parallel.context * parallel.data;
  const between =
    stride >= domain ? network * k.networkShare : rates.link * (rates.pcie ? k.pcieShare / 2 : k.linkShare);
  const pipeline =
    parallel.pipeline > 1
      ? (2 * parallel.pipelineChunks * tokens * hidden * element) / (parallel.sequence ? parallel.tensor : 1) / between
      : 0;
  return { tensor, context, expert, pipeline, ...dataMessages(plan, rates, domain, network, k) };
}

/**
 * Copies of a token that leave its domain: dispatchers of today send one to each domain where it has experts and spread it
 * there (DeepEP, HybridEP), so that many experts in few nodes cost no more than the nodes.
 */
function crossings(ranks: number, reach: number, local: number): number {
  const domains = ranks / Math.max(1, local);
  if (domains <= 1) return 0;
  return (domains - 1) * (1 - (1 - 1 / domains) ** reach);
}

/** Messages of data parallelism: whole gradients once, or shards of weights and gradients by ZeRO stage. */
function dataMessages(
  plan: Plan,
  rates: DeviceRates,
  domain: number,
  network: number,
  k: Efficiency,
): Pick<Messages, 'shard' | 'step'> {
  const { parallel, precision } = plan;
  const ranks = parallel.data * parallel.context;
  if (ranks <= 1) return { shard: 0, step: 0 };
  const g = groupOf(ranks, parallel.tensor, domain);
  const owned = 1 / (parallel.tensor * parallel.pipeline);
  const { experts } = plan.counts;
  const all = (plan.parameters - experts + experts / Math.max(1, parallel.expert)) * owned;
  const trained = Math.min(all, plan.trainable * owned);
  const half = precision.compute === 'fp32' || precision.compute === 'tf32' ? 4 : 2;
  // A shard group inside the data-parallel ranks gathers within itself and reduces its shards across.
  if (parallel.zeroStage === 3) {
    const size = Math.min(ranks, Math.max(1, parallel.shardGroup * parallel.context));
    const s = groupOf(size, parallel.tensor, domain);
    const within = busBandwidth(s, rates, network, k);
    const stored = plan.quantization ? 0.56 : half;
    const gathers = 2;
    const gradient = precision.gradients === 'fp32' ? 4 : half;
    const shard = gathers * gatherSeconds(all * stored, s, within) + gatherSeconds(trained * gradient, s, within);
    const across = groupOf(ranks / size, parallel.tensor * size, domain);
    const step =
      ranks > size ? reduceSeconds((trained * gradient) / size, across, busBandwidth(across, rates, network, k)) : 0;
    // Under a pipeline FSDP2 keeps weights gathered over the micro batches and reduces gradients after the last.
    return parallel.pipeline > 1 && parallel.implementation === 'fsdp2'
      ? { shard: 0, step: step + shard }
      : { shard, step };
  }
  const gradient = precision.gradients === 'fp32' ? 4 : 2;
  const groups = ownersOf(plan, trained, g, domain);
  const gather = (element: number) =>
    groups.reduce(
      (sum, { elements, group }) =>
        sum + gatherSeconds(elements * element, group, busBandwidth(group, rates, network, k)),
      0,
    );
  if (parallel.zeroStage === 2) return { shard: gather(gradient), step: gather(half) };
  if (parallel.zeroStage === 1) return { shard: 0, step: gather(gradient) + gather(half) };
  return { shard: 0, step: 2 * gather(gradient) };
}

/**
 * Trained elements of one rank by the group that holds the same ones: dense weights lie on every data-parallel rank,
 * an expert on every \`ep\`-th, which is one rank a node where experts fill a node.
 */
function ownersOf(
  plan: Plan,
  trained: number,
  dense: Group,
  domain: number,
): readonly { readonly elements: number; readonly group: Group }[] {
  const { parallel, counts } = plan;
  const sparse = plan.adapter || parallel.expert <= 1 ? 0 : counts.experts / parallel.expert / parallel.pipeline;
  if (sparse <= 0) return [{ elements: trained, group: dense }];
  const ranks = parallel.data * parallel.context * parallel.tensor;
  const group = groupOf(Math.max(1, Math.round(ranks / parallel.expert)), parallel.expert, domain);
  const owned = 1 / (parallel.tensor * parallel.pipeline);
  return [
    { elements: Math.max(0, plan.parameters - counts.experts) * owned, group: dense },
    { elements: sparse, group },
  ];
}
