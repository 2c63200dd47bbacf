import { z } from 'zod';
import { createReadCache, type ReadCache } from '#core/readers/read.ts';
import type { Settings } from '#core/settings.ts';
import type { Engine } from '#server/gather/engine.ts';
import type { CliHost } from '../host.ts';
import { settingsOf } from '../options.ts';

/** What the tools of one server share: grammars and tables are loaded once, and what was read of a file is kept. */
export interface ToolWorld {
  readonly host: CliHost;
  readonly readings: ReadCache;
  engine(): Promise<Engine>;
}

/** What a tool answers: the words for a model and the same as a value of the tool's output schema. */
export interface ToolAnswer {
  readonly words: string;
  readonly value: object;
}

/** A tool for agents, as a protocol offers it. It reads and answers: it changes nothing, runs nothing and sends nothing. */
export interface AgentTool {
  readonly name: string;
  readonly title: string;
  /** When to call it, for a model that has to choose. */
  readonly description: string;
  readonly input: z.ZodType;
  /** A JSON schema; further fields may come, those that it names stay. */
  readonly output: { readonly [key: string]: unknown };
  /** Answers an input that the schema has passed. A KnownError says what the caller can put right. */
  call(input: unknown): Promise<ToolAnswer>;
}

/** A tool by its typed parts. */
export interface ToolParts<I extends z.ZodType> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly input: I;
  readonly output: z.ZodType;
  run(input: z.infer<I>, world: ToolWorld): Promise<ToolAnswer>;
}

/** A kind of tool; it becomes one with a world. */
export type MakeTool = (world: ToolWorld) => AgentTool;

/** Makes a tool of its parts. */
export function toolOf<I extends z.ZodType>(parts: ToolParts<I>): MakeTool {
  const { name, title, description, input } = parts;
  const output = z.toJSONSchema(parts.output, { io: 'input', reused: 'ref' });
  return (world) => ({
    name,
    title,
    description,
    input,
    output,
    call: (given) => parts.run(input.parse(given), world),
  });
}

/** A world whose engine is loaded at the first call; a load that fails is tried again at the next. */
export function toolWorld(host: CliHost, load: (host: CliHost) => Promise<Engine>): ToolWorld {
  let loading: Promise<Engine> | undefined;
  return {
    host,
    readings: createReadCache(),
    engine() {
      loading ??= load(host).catch((error: unknown) => {
        loading = undefined;
        throw error;
      });
      return loading;
    },
  };
}

/** Paths as every tool takes them. */
export const pathsInput = z
  .array(z.string().min(1))
  .min(1)
  .max(100)
  .describe(
    'Files or folders, relative to the root: training scripts, configs, launchers, job files. A file brings those of its folder that name it.',
  );

/** What files may leave open, as every tool takes it. */
export const openInput = {
  accelerator: z.string().optional().describe('Used where the files name none: "H100" or "H100:8".'),
  cloud: z.string().optional().describe('Cloud whose prices are used where the files name none, such as "aws".'),
  region: z.string().optional().describe('Region whose prices are used where the files name none.'),
  price: z.enum(['on-demand', 'spot', 'reserved']).optional().describe('Kind of price where the files name none.'),
};

/** Settings of a call. */
export function askedSettings(
  { accelerator, cloud, region, price }: z.infer<z.ZodObject<typeof openInput>>,
  host: CliHost,
): Settings {
  return settingsOf({ accelerator, cloud, region, price }, host);
}
