import type { TransformerShape } from '../workload/architecture.ts';

/** Layers that attend: all, but for those that keep a state instead or are a feed-forward part alone. */
export function attendingLayers({ layers, attention }: TransformerShape): number {
  return layers * attendingShare(attention);
}

/** Share of the layers that attend. */
export function attendingShare({ share, state }: TransformerShape['attention']): number {
  return share ?? 1 - (state?.share ?? 0);
}

/** Layers that keep a state. */
export function stateLayers({ layers, attention }: TransformerShape): number {
  return layers * (attention.state?.share ?? 0);
}

/** Layers with a feed-forward part, dense or a mixture. */
export function feedForwardLayers({ layers, feedForward }: TransformerShape): number {
  return layers * (feedForward.share ?? 1);
}

/** Whether a layer is one thing, mixer or feed-forward part, rather than one after the other (Nemotron-H, Mamba). */
export function isSingleFile({ feedForward }: TransformerShape): boolean {
  return (feedForward.share ?? 1) < 1;
}

/** How many of the layers are mixtures: all with a feed-forward part, but for leading dense ones and a step between mixtures. */
export function mixtureLayers(shape: TransformerShape): number {
  const { experts } = shape.feedForward;
  if (!experts) return 0;
  const step = Math.max(1, experts.step);
  const upTo = (layers: number) => Math.floor(Math.max(0, layers) / step);
  return upTo(Math.round(feedForwardLayers(shape))) - upTo(experts.denseLayers);
}
