import type { TransformerShape } from '../workload/architecture.ts';
import type { Plan } from './plan.ts';

/** Frames that a Whisper encoder takes of every thirty seconds of sound, however short. */
const whisperFrames = 1500;
/** Tokens of a target where nothing states them: the default of transformers' summarisation and translation examples. */
export const usualTarget = 128;
/** Share of a decoder layer's matrices that pass what was read: keys and values of its second attention, of sixteen `h^2` in all. */
const readShare = 2 / 16;

/** Lengths of the two stacks of an encoder-decoder, and its decoder by the work it does at the length of what is read. */
export interface Stacks extends Pick<Plan, 'written' | 'decoderLayers'> {
  readonly shape?: TransformerShape;
  readonly sequenceLength: number;
}

/**
 * An encoder-decoder reads one text (or sound) and writes another, mostly shorter one. One stack of layers is left as it is;
 * `length` is what is read, but for Whisper, where files speak of what is written.
 */
export function stacksOf(shape: TransformerShape, length: number, target: number | undefined): Stacks {
  if (shape.kind !== 'encoder-decoder') return { sequenceLength: length, written: 1 };
  const hears = shape.melBins !== undefined;
  const read = hears ? whisperFrames : length;
  const written = (hears ? (target ?? length) : Math.min(target ?? usualTarget, length)) / Math.max(1, read);
  const decoders = shape.decoderLayers ?? shape.layers;
  const work = decoders * (readShare + (1 - readShare) * written);
  return { shape: { ...shape, decoderLayers: work }, sequenceLength: read, written, decoderLayers: decoders };
}

/**
 * Share of its layers' matrices that one token read passes, with what is written for it: 1 for one stack, less where the decoder writes
 * less than the encoder reads.
 */
export function workShare(
  { decoderLayers, counts }: Plan,
  { layers, decoderLayers: working = layers }: TransformerShape,
): number {
  if (decoderLayers === undefined) return 1;
  const block = counts.attention / (layers + 2 * decoderLayers);
  const width = counts.feedForward / (layers + decoderLayers);
  const work = (decoders: number) => layers * (block + width) + decoders * (2 * block + width);
  return work(working) / work(decoderLayers);
}
