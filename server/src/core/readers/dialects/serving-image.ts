import type { DataNode } from '../../syntax/data.ts';
import { imply, type Sheet } from './sheet.ts';

/** Engines by the names of the images that carry them. */
const images: readonly (readonly [RegExp, string])[] = [
  [/text-generation-inference|\btgi\b/, 'tgi'],
  [/sglang/, 'sglang'],
  [/trt-?llm|tensorrt-?llm/, 'tensorrt-llm'],
  [/tritonserver|triton-inference-server/, 'triton'],
  [/vllm/, 'vllm'],
  [/tensorflow\/serving|tensorflow-serving|tf-?serving/, 'tensorflow'],
];

/** The engine that an image's name tells; undefined for any other image. */
export function engineOfImage(image: string): string | undefined {
  return images.find(([pattern]) => pattern.test(image.toLowerCase()))?.[1];
}

/** Puts the engine of an image, where nothing nearer to the command has said it. */
export function putEngineOfImage(sheet: Sheet, node: DataNode | undefined): void {
  if (node?.kind !== 'scalar' || typeof node.value !== 'string') return;
  const engine = engineOfImage(node.value);
  if (engine) imply(sheet, 'serving.engine', engine, node.span, 'The image fixes the serving engine.');
}
