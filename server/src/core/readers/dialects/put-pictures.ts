import type { ShellWord } from '../../evaluate/shell-word.ts';
import { type Flag, flagNamed } from './flag.ts';
import { add, has, imply, type Sheet } from './sheet.ts';

/** Networks that the programs of musubi-tuner train, by the program's name, and by `--task` where it trains several. */
const programs: readonly (readonly [RegExp, RegExp, string])[] = [
  [/\bwan_train/, /(?:t2v|i2v)-A?14B/i, 'Wan-AI/Wan2.1-T2V-14B'],
  [/\bwan_train/, /1\.3B/i, 'Wan-AI/Wan2.1-T2V-1.3B'],
  [/\bhv_1_5_train/, /./, 'hunyuanvideo-community/HunyuanVideo-1.5-Diffusers-480p_t2v'],
  [/\bhv_train/, /./, 'hunyuanvideo-community/HunyuanVideo'],
  [/\bqwen_image_train/, /./, 'Qwen/Qwen-Image'],
  [/\bflux_(?:kontext_)?train/, /./, 'black-forest-labs/FLUX.1-dev'],
  [/\bzimage_train/, /./, 'Tongyi-MAI/Z-Image-Turbo'],
];

/** Puts what programs that train on pictures and clips say in flags of their own: buckets, networks, the format of frozen weights. */
export function putPictures(sheet: Sheet, program: string, flags: readonly Flag[]): void {
  const buckets = flagNamed(flags, 'video_resolution_buckets')?.value;
  if (buckets) putBuckets(sheet, buckets);
  const network = flagNamed(flags, 'network_module', 'training_type')?.value;
  if (network && /lora/i.test(network.text)) imply(sheet, 'peft.method', 'lora', network.span, byModule);
  const narrow = flagNamed(flags, 'fp8_base', 'fp8_scaled');
  if (narrow && !has(sheet, 'quantization.method'))
    imply(sheet, 'quantization.method', 'fp8', narrow.word.span, 'Frozen weights are narrowed by a switch.');
  const weights = flagNamed(flags, 'dit')?.value;
  if (!weights || has(sheet, 'model.name')) return;
  const task = flagNamed(flags, 'task')?.value;
  const found = programs.find(([name, tasks]) => name.test(program) && tasks.test(task?.text ?? 'any'));
  if (found) imply(sheet, 'model.name', found[2], (task ?? weights).span, byProgram);
}

const byModule = 'The adapter follows from the module that is trained.';
const byProgram = 'The network follows from the program and its task.';

/** `49x480x832`: frames, height and width. */
function putBuckets(sheet: Sheet, word: ShellWord): void {
  const [frames, height, width] = /^(\d+)x(\d+)x(\d+)$/.exec(word.text)?.slice(1).map(Number) ?? [];
  if (!frames || !height || !width) return;
  add(sheet, 'data.frames', frames, word.span, true);
  add(sheet, 'data.image_height', height, word.span, true);
  add(sheet, 'data.image_width', width, word.span, true);
}
