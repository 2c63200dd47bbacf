import type { Sheet } from './case.ts';

/** NVIDIA's summaries of a container's performance are made with its recipes, which fuse routers and record layers as graphs. */
export function takesRecipe(framework: string): boolean | undefined {
  return /\bNeMo container\b/i.test(framework) || undefined;
}

/** Models whose recipes in NVIDIA's containers train further predictions (`mtp_num_layers`), and how many. */
const recipesWithLaterTokens: readonly (readonly [RegExp, number])[] = [
  [/deepseek-?v3/i, 1],
  [/nemotron-?3-?(?:super|ultra)/i, 2],
  [/glm-?(?:4\.5|5)/i, 1],
];

/** Tokens predicted beyond the next one: as the run says, or as the recipe of its container does. */
export function laterTokensOf(config: Sheet, framework: string, model: string): number {
  const told = Number(config.sheet('other_args').text('mtp_num_layers'));
  if (told > 0) return told;
  const recipe = recipesWithLaterTokens.find(([name]) => name.test(model.replace(/[\s_]/g, '-')))?.[1] ?? 0;
  return takesRecipe(framework) ? recipe : 0;
}

/** Mixtures whose recipes for Blackwell in MXFP8 record whole iterations and fuse grouped experts, since the containers of August 2026. */
const recordedMixtures = /deepseek-?v[34]|qwen-?3|gpt-?oss/i;
const recordedSince = 26.08;

/** Whether a summary's recipe records whole iterations: by the container's release, the model, the format and the card. */
export function recordsSteps(framework: string, model: string, precision: string, card: string): boolean | undefined {
  const release = Number(/\bNeMo container (\d+\.\d+)/i.exec(framework)?.[1]);
  const recorded =
    release >= recordedSince &&
    recordedMixtures.test(model.replace(/[\s_]/g, '-')) &&
    /mxfp8/i.test(precision) &&
    /^G?B[23]00\b/.test(card);
  return recorded || undefined;
}
