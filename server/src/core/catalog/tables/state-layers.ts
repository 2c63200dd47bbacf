import type { AttentionShape, StateMixer } from '../../workload/architecture.ts';
import type { Cells } from '../rows.ts';

type State = NonNullable<AttentionShape['state']>;

/** What tells one layer that keeps a state from another of its kind. */
export interface StateDimensions {
  readonly hidden: number;
  readonly heads: number;
  readonly headDim: number;
  /** Elements of state for each value: the width of one key. */
  readonly size: number;
  /** Groups, or heads, of keys. */
  readonly groups: number;
  /** Tokens that the short convolution sees. */
  readonly reach: number;
  /** Rank of the steps, or of the gates, where they are made by two matrices. */
  readonly rank: number;
  readonly chunk?: number | undefined;
  /** The scan's output passes a norm of its own. */
  readonly normed: boolean;
}

/** One layer that keeps a state. */
export type StateLayer = Omit<State, 'share'>;

/** Tokens that the kernels take at once: mamba_ssm's default; fla's; Lightning Attention's. */
const chunks: Readonly<Record<StateMixer['kind'], number>> = {
  ssd: 256,
  selective: 1,
  delta: 64,
  linear: 256,
  convolution: 1,
  recurrent: 1,
};

/**
 * One layer from its dimensions, as the classes of transformers have it. A state is that of the scan and the tokens that the convolution still needs.
 */
export function stateLayerOf(kind: StateMixer['kind'], d: StateDimensions): StateLayer {
  const { hidden: h, heads, size, rank, reach } = d;
  const inner = heads * d.headDim;
  const keys = d.groups * size;
  const chunk = d.chunk ?? chunks[kind];
  const mixer = (entries: number, convolved: number): StateMixer => ({
    kind,
    entries,
    inner,
    heads,
    keys,
    size,
    convolved,
    chunk,
  });
  const layer = (made: StateMixer, between: number, vectors: number, elements: number): StateLayer => ({
    matrices: h * (made.entries + inner) + between,
    elements: elements + made.convolved * (reach - 1),
    vectors,
    mixer: made,
  });
  switch (kind) {
    case 'ssd': {
      const convolved = inner + 2 * keys;
      return layer(
        mixer(2 * inner + 2 * keys + heads, convolved),
        0,
        convolved * (reach + 1) + 3 * heads + (d.normed ? inner : 0),
        inner * size,
      );
    }
    case 'selective':
      return layer(mixer(2 * inner, inner), inner * (2 * rank + 2 * size), inner * (reach + 3 + size), inner * size);
    case 'delta': {
      const convolved = 2 * keys + inner;
      // Gates and steps are matrices of one output a head, or pairs of low rank as wide as the values (Kimi Linear).
      const entries = rank > 0 ? convolved + 2 * rank + heads : convolved + inner + 2 * heads;
      return layer(
        mixer(entries, convolved),
        2 * rank * inner,
        convolved * reach + 2 * heads + d.headDim + (rank > 0 ? inner : 0),
        inner * size,
      );
    }
    case 'linear':
      return layer(mixer(4 * inner, 0), 0, inner, inner * size);
    case 'convolution':
      return layer(mixer(3 * inner, inner), 0, inner * reach, 0);
    case 'recurrent':
      // Receptance of the channel mix beside key, value and receptance; states of both mixes.
      return layer(mixer(4 * inner, 0), 0, 7 * inner, 5 * inner);
  }
}

/** Families whose scan's output goes on as it is (`mamba_rms_norm: false` in the released configurations). */
export const unnormedScans: ReadonlySet<string> = new Set(['falcon_h1']);

const kindsOfState: ReadonlySet<string> = new Set(Object.keys(chunks));

const isKind = (kind: string | undefined): kind is StateMixer['kind'] => kind !== undefined && kindsOfState.has(kind);

/** The layers of a row that keep a state; undefined where it has none. */
export function stateOf(cells: Cells, hidden: number, layers: number): State | undefined {
  const kind = cells.text('stateKind');
  const count = cells.number('stateLayers');
  if (!isKind(kind) || !count) return undefined;
  const heads = cells.number('stateHeads') ?? 1;
  return {
    share: count / layers,
    ...stateLayerOf(kind, {
      hidden,
      heads,
      headDim: cells.number('stateHeadDim') ?? hidden / heads,
      size: cells.number('stateSize') ?? 1,
      groups: cells.number('stateGroups') ?? heads,
      reach: cells.number('stateReach') ?? 4,
      rank: cells.number('stateRank') ?? 0,
      chunk: cells.number('stateChunk'),
      normed: !unnormedScans.has(cells.text('family') ?? ''),
    }),
  };
}
