import type { ConvolutionalShape } from '../../workload/architecture.ts';

/** A family's published UNet: its parameters, by which a smaller heir of it is told apart, and what its model code does. */
interface Counted extends ConvolutionalShape {
  readonly parameters: number;
}

/**
 * Counted on the stand-in GPU with the model code of diffusers 0.40 (`UNet2DConditionModel` by the numbers of the published `config.json`)
 * for one picture at the size that the network was made for: products by torch's counter, outputs of convolutions and linears, scores of
 * attention by what spelling them out keeps, reads and writes of all other operators, kernels.
 */
const families: Readonly<Record<string, Counted>> = {
  sd1: {
    kind: 'vision',
    family: 'unet',
    parameters: 859_520_964,
    macs: 401.6e9,
    activations: 236.7e6,
    imageSize: 512,
    denoises: { attention: 63e9, scores: 732e6, moved: 3.15e9, kernels: 1480, perRank: 199_000 },
  },
  sdxl: {
    kind: 'vision',
    family: 'unet',
    parameters: 2_567_463_684,
    macs: 3380.6e9,
    activations: 1779.1e6,
    imageSize: 1024,
    denoises: { attention: 392e9, scores: 3059e6, moved: 21.2e9, kernels: 3820, perRank: 1_450_000 },
  },
};

/** How near a count lies to the family's own: inpainting networks differ by a few channels, distilled ones by half. */
const sameNetwork = 0.01;

/** The UNet of a family with so many parameters; undefined where it was not counted. */
export function unetOf(family: string, parameters: number): ConvolutionalShape | undefined {
  const known = families[family];
  if (!known || Math.abs(parameters / known.parameters - 1) > sameNetwork) return undefined;
  const { parameters: _, ...shape } = known;
  return shape;
}
