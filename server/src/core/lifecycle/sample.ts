/** Sizes of one block before and after compression. */
export interface BlockSize {
  readonly raw: number;
  readonly compressed: number;
}

/** Bytes that compression saves, measured on a sample; an 80 % interval over the blocks. */
export interface MeasuredSaving {
  readonly blocks: number;
  readonly sampledBytes: number;
  /** Share saved: 0.22 is 22 % less; below nought it would grow. */
  readonly share: number;
  readonly low: number;
  readonly high: number;
}

/** Student's t for an 80 % interval by degrees of freedom, the normal's beyond the table. */
const t90 = [3.078, 1.886, 1.638, 1.533, 1.476, 1.44, 1.415, 1.397, 1.383, 1.372];

/** Share that blocks of equal size shrink by, with the interval of their mean; undefined below two blocks. */
export function savingOf(blocks: readonly BlockSize[]): MeasuredSaving | undefined {
  const used = blocks.filter(({ raw }) => raw > 0);
  if (used.length < 2) return undefined;
  const raw = used.reduce((sum, one) => sum + one.raw, 0);
  const mean = 1 - used.reduce((sum, one) => sum + one.compressed, 0) / raw;
  const deviations = used.map((one) => 1 - one.compressed / one.raw - mean);
  const variance = deviations.reduce((sum, one) => sum + one * one, 0) / (used.length - 1);
  const half = (t90[used.length - 2] ?? 1.282) * Math.sqrt(variance / used.length);
  return { blocks: used.length, sampledBytes: raw, share: mean, low: mean - half, high: mean + half };
}

/** A stretch of one file to read. */
export interface SamplePlace<T> {
  readonly file: T;
  readonly from: number;
  readonly length: number;
}

/**
 * Places of a sample, evenly spread over the bytes of all files together, so that large files weigh as much as they take.
 * The first bytes of a file (headers) are no more likely than others.
 */
export function samplePlaces<T extends { readonly bytes: number }>(
  files: readonly T[],
  count: number,
  length: number,
): readonly SamplePlace<T>[] {
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const places: SamplePlace<T>[] = [];
  let [before, at] = [0, 0];
  for (let index = 0; index < count && total > 0; index += 1) {
    const target = ((index + 0.5) * total) / count;
    while (at < files.length - 1 && before + (files[at]?.bytes ?? 0) <= target) {
      before += files[at]?.bytes ?? 0;
      at += 1;
    }
    const file = files[at];
    if (!file) break;
    const taken = Math.min(length, file.bytes);
    const from = Math.max(0, Math.min(Math.floor(target - before - taken / 2), file.bytes - taken));
    const last = places.at(-1);
    if (taken === 0 || (last?.file === file && last.from + last.length > from)) continue;
    places.push({ file, from, length: taken });
  }
  return places;
}
