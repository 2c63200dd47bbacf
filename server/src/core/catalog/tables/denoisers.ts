import type { DenoiserShape } from '../../workload/architecture.ts';

/** What of a family of denoising transformers its row of dimensions does not say. */
type Family = Omit<DenoiserShape, 'doubleLayers'> & {
  /** Share of the layers whose prompt has matrices of its own. */
  readonly double: number;
};

const pictures = { spatial: 8, temporal: 1, patch: 2, patchFrames: 1, crossed: false, frames: 1 } as const;
const clips = { spatial: 8, temporal: 4, patch: 2, patchFrames: 1, crossed: false } as const;
const square = (side: number) => ({ width: side, height: side });
const landscape = (width: number, height: number) => ({ width, height });

/**
 * Compression of the first stage, tokens, prompt and usual size of each family, from the published `config.json` of its transformer and
 * autoencoder and the defaults of its pipeline (diffusers 0.40).
 */
const families: Readonly<Record<string, Family>> = {
  flux: { ...pictures, prompt: 512, double: 19 / 57, ...square(1024) },
  flux2: { ...pictures, prompt: 512, double: 8 / 56, ...square(1024) },
  chroma: { ...pictures, prompt: 512, double: 19 / 57, ...square(1024) },
  sd3: { ...pictures, prompt: 154, double: 1, ...square(1024) },
  qwen_image: { ...pictures, prompt: 256, double: 1, ...square(1024) },
  hidream: { ...pictures, prompt: 384, double: 16 / 48, ...square(1024) },
  auraflow: { ...pictures, prompt: 256, double: 4 / 36, ...square(1024) },
  z_image: { ...pictures, prompt: 256, double: 0, ...square(1024) },
  cogview4: { ...pictures, prompt: 224, double: 0, ...square(1024) },
  pixart: { ...pictures, prompt: 300, crossed: true, double: 0, ...square(1024) },
  cogvideox: { ...clips, prompt: 226, double: 0, frames: 49, ...landscape(720, 480) },
  wan: { ...clips, prompt: 512, crossed: true, double: 0, frames: 81, ...landscape(832, 480) },
  wan_ti2v: { ...clips, spatial: 16, prompt: 512, crossed: true, double: 0, frames: 121, ...landscape(1280, 704) },
  hunyuan_video: { ...clips, prompt: 256, double: 20 / 60, frames: 61, ...landscape(960, 544) },
  // 1,000 tokens of the prompt, 256 of its glyphs and 729 of an image, which is empty where there is none.
  hunyuan_video15: {
    ...clips,
    spatial: 16,
    patch: 1,
    prompt: 1985,
    double: 1,
    frames: 121,
    ...landscape(848, 480),
  },
  ltx_video: {
    ...clips,
    spatial: 32,
    temporal: 8,
    patch: 1,
    prompt: 128,
    crossed: true,
    double: 0,
    frames: 121,
    ...landscape(704, 480),
  },
  // The prompt's stream is half as wide: a third of the picture's matrices.
  mochi: { ...clips, temporal: 6, prompt: 256, double: 1 / 3, frames: 85, ...landscape(848, 480) },
  kandinsky5: { ...clips, prompt: 256, crossed: true, double: 0, frames: 121, ...landscape(768, 512) },
};

/** How a family lays pictures and clips out as tokens; undefined for families that are not known. */
export function denoiserOf(family: string, layers: number): DenoiserShape | undefined {
  const known = families[family];
  if (!known) return undefined;
  const { double, ...rest } = known;
  return { ...rest, doubleLayers: Math.round(double * layers) };
}
