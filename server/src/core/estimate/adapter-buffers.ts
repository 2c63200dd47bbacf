import { adaptedMatrices, type Matrix, widest } from './adapter-matrices.ts';
import { usual } from './adapter-trained.ts';
import { bytesPerElement, type Plan } from './plan.ts';

/** Bytes of an index as sparse methods hold it (SHiRA, super-tuning: int32). */
const index = 4;

/**
 * Bytes of what a method holds on the device beside what it trains (peft 0.21): permutations of butterfly factors (BOFT), the
 * weights' own leading directions (PSOFT, TinyLoRA, AdaMSS), bases that all matrices share (VeRA, RandLoRA, FRoD), indices.
 */
export function adapterBuffers({ adapter, shape, precision }: Plan): number {
  if (!adapter?.method || !shape) return 0;
  const { method, parameters, rank: r, targets } = adapter;
  const layers = shape.layers + (shape.decoderLayers ?? 0);
  const own = bytesPerElement[precision.parameters];
  const wide = bytesPerElement[adapter.precision];
  const matrices = adaptedMatrices(shape, targets);
  const each = (elements: (matrix: Matrix) => number) => layers * matrices.reduce((sum, one) => sum + elements(one), 0);
  const most = widest(matrices);
  switch (method) {
    case 'boft':
      return own * each(({ inputs }) => inputs ** 2);
    case 'psoft':
      return wide * each(({ inputs, outputs }) => r * (inputs + outputs));
    case 'tinylora':
      return wide * each(({ inputs, outputs }) => r * (inputs + outputs) + usual.tinyVector * r * r);
    case 'adamss':
      return wide * each(({ inputs }) => r * inputs);
    case 'vera':
    case 'pvera':
      return wide * r * ((method === 'pvera' ? 2 : 1) * most.inputs + most.outputs);
    case 'randlora': {
      const narrow = Math.max(0, ...matrices.map((m) => Math.min(m.inputs, m.outputs)));
      return wide * r * (narrow + Math.ceil(narrow / r) * Math.max(most.inputs, most.outputs));
    }
    case 'frod':
      // The matrix turned by the basis that its kind shares.
      return (
        own * (each(({ inputs, outputs }) => inputs * outputs) + matrices.reduce((sum, m) => sum + m.inputs ** 2, 0))
      );
    case 'shira':
      return 2 * index * parameters;
    case 'supertuning':
      return index * parameters;
    default:
      return 0;
  }
}
