/**
 * Bytes that one layer keeps for the backward pass, for one token. `replicated` lies whole on every
 * tensor-parallel rank unless sequence parallelism splits it; `sharded` is split over them.
 */
export interface SavedBytes {
  readonly replicated: number;
  readonly sharded: number;
}

/** How the numbers flow: in one format, or through autocast over wider weights. */
export interface Numbers {
  /** Bytes of an element in matmuls. */
  readonly e: number;
  /** Bytes of an element in the residual stream. */
  readonly residual: number;
  readonly autocast: boolean;
}
