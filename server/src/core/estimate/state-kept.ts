import type { StateMixer, TransformerShape } from '../workload/architecture.ts';
import type { Plan } from './plan.ts';

/** Bytes of fp32, which states between chunks are kept in. */
const wide = 4;

/**
 * Bytes that the scan of one layer keeps for one token, its input left out: what the autograd functions of the fused kernels save
 * (mamba_ssm and fla; the plain operators of transformers keep far more). `e`: bytes of an activation; `frozen`: the projections take no gradient.
 */
export function stateKept(plan: Plan, shape: TransformerShape, e: number, frozen: boolean): number {
  const m = shape.attention.state?.mixer;
  if (!m) return 0;
  const output = frozen ? 0 : m.inner;
  return e * (m.kind === 'ssd' && plan.stack === 'megatron' ? m.entries + 2 * m.inner + output : keptOf(m, output));
}

/** Elements kept: convolutions, gates, steps and what enters the output projection are computed again where the kernels do so. */
function keptOf(m: StateMixer, output: number): number {
  switch (m.kind) {
    case 'ssd':
    case 'selective':
      // The joint projection and the scan's output; the gated norm and the output projection's input come back inside the kernel.
      return m.entries + m.inner;
    case 'delta':
      // The convolution's input; keys and queries of every head, normed; values, output, gate; the inverse of each chunk's system.
      return m.convolved + 2 * m.heads * m.size + 3 * m.inner + output + m.chunk * m.heads;
    case 'linear':
      // Queries, keys and values before and after their activation, output, its norm, gate.
      return 9 * m.inner + output;
    case 'convolution':
      // Both factors, their product, the convolution's output and the second gate.
      return 5 * m.inner + output;
    case 'recurrent':
      // Three mixes with the token before, receptance, key, value, the weighted sum, its gate and both mixes of the channels.
      return 10 * m.inner + output;
  }
}

/** Bytes of one layer's scan at work backward, for one token: gradients of its projections, what is computed again, states in fp32 and theirs. */
export function stateWorking(shape: TransformerShape, e: number): number {
  const m = shape.attention.state?.mixer;
  if (!m) return 0;
  const states = m.kind === 'ssd' || m.kind === 'delta' || m.kind === 'linear' ? (m.inner * m.size) / m.chunk : 0;
  return e * (m.entries + 2 * m.convolved + 2 * m.inner) + 2 * wide * states;
}
