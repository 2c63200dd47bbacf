import { fromJsonSchema, McpServer, type StandardSchemaWithJSON } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import type { AgentTool } from '../cli/agents/tool.ts';

/** How the server is known to its clients. */
export interface ToolServer {
  readonly version: string;
  /** Takes what goes wrong outside of any answer. */
  error(text: string): void;
}

/** Serves tools over this process' streams until the client closes them. A call that fails is answered as a failure, never dropped. */
export function serveTools(tools: readonly AgentTool[], { version, error }: ToolServer): Promise<void> {
  const say = (fault: unknown) => error(`flopwise: ${fault instanceof Error ? fault.message : String(fault)}`);
  const make = () => {
    const server = new McpServer(
      { name: 'flopwise', title: 'Flopwise', version },
      { capabilities: { tools: {} }, instructions },
    );
    for (const tool of tools) offer(server, tool, say);
    return server;
  };
  return new Promise((done) => {
    process.stdin.once('end', done).once('close', done);
    serveStdio(make, { onerror: say });
  });
}

const instructions =
  'Flopwise reads training scripts, configs and job files without running them and works out GPU memory, time, money, storage and energy. Ranges hold 8 runs in 10; an unknown figure is named, never zero. All tools are read-only.';

function offer(server: McpServer, tool: AgentTool, say: (fault: unknown) => void): void {
  const { name, title, description, output, call } = tool;
  const config = {
    title,
    description,
    inputSchema: tool.input as unknown as StandardSchemaWithJSON,
    outputSchema: fromJsonSchema<object>(output),
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  };
  server.registerTool(name, config, async (input: unknown) => {
    try {
      const { words, value } = await call(input);
      return { content: [{ type: 'text' as const, text: words }], structuredContent: { ...value } };
    } catch (fault) {
      if (!isKnown(fault)) say(fault);
      const text = fault instanceof Error ? fault.message : String(fault);
      return { content: [{ type: 'text' as const, text }], isError: true };
    }
  });
}

/** A failure that the caller can put right: made in another bundle, so known by its mark alone. */
function isKnown(fault: unknown): boolean {
  return fault instanceof Error && 'code' in fault && typeof fault.code === 'number';
}
