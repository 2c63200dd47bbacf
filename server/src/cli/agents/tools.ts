import { estimateTool } from './estimate.ts';
import { explainTool } from './explain.ts';
import { optimizeTool } from './optimize.ts';
import { pricesTool } from './prices.ts';
import type { AgentTool, ToolWorld } from './tool.ts';

/** Every tool, in the order in which it is listed. */
export function toolsOf(world: ToolWorld): readonly AgentTool[] {
  return [estimateTool, explainTool, optimizeTool, pricesTool].map((make) => make(world));
}
