import { type Flag, flagNamed, type Options } from './flag.ts';
import { type Launch, programName } from './launcher.ts';
import { putModelWord } from './put-training.ts';
import { imply, type Sheet } from './sheet.ts';

const engines: readonly (readonly [RegExp, string])[] = [
  [/^vllm serve|^trl vllm-serve|^vllm\.entrypoints\./, 'vllm'],
  [/^sglang serve|^sglang\.(launch_server|srt\.)/, 'sglang'],
  [/^text-generation-launcher/, 'tgi'],
  [/^trtllm-serve|^tensorrt_llm\./, 'tensorrt-llm'],
  [/^lmdeploy serve|^lmdeploy\.serve/, 'lmdeploy'],
  [/^llama-server|^llama_cpp\.server/, 'llama.cpp'],
  [/^aphrodite run|^aphrodite\.endpoints/, 'aphrodite'],
];

/** The inference server that a command starts; undefined where it starts none. */
export function servingEngine(launch: Launch): string | undefined {
  const name = programName(launch);
  return engines.find(([pattern]) => pattern.test(name))?.[1];
}

/** Puts the engine and the model that it serves: a flag, or the first plain word after `serve`. */
export function putServing(sheet: Sheet, launch: Launch, options: Options, engine: string): void {
  imply(sheet, 'serving.engine', engine, launch.program.span, 'Another engine is another program.');
  const flag: Flag | undefined = flagNamed(options.flags, 'model', 'model_path', 'model_id', 'model_tag');
  const plain =
    launch.kind === 'tool'
      ? options.positional.filter((word) => !/^(serve|run|api_server|backend)$/.test(word.text))
      : [];
  const word = flag?.value ?? plain[0];
  if (word) putModelWord(sheet, word);
}
