import { type Flag, flagNamed } from './flag.ts';
import { count } from './form.ts';
import { type Launch, programName } from './launcher.ts';
import { putWord } from './put-word.ts';
import { imply, type Sheet } from './sheet.ts';

/** True for the programs of OpenRLHF (`openrlhf.cli.train_ppo_ray`). */
export function isOpenrlhf(launch: Launch): boolean {
  return /\bopenrlhf\b/.test(`${programName(launch)} ${launch.program.text}`);
}

const trainers: Readonly<Record<string, string>> = { sft: 'sft', dpo: 'dpo', kto: 'kto', rm: 'reward', ppo: 'ppo' };

/**
 * Puts the machines of the actor, and the method that a program's name stands for; an estimator on the sheet already
 * says more. Where all models share their devices, the actor's are those of the job, else those that train.
 */
export function putOpenrlhf(sheet: Sheet, launch: Launch, flags: readonly Flag[]): void {
  const method = trainers[/train_([a-z]+?)(?:_ray\w*)?$/.exec(launch.program.text)?.[1] ?? ''];
  if (method) imply(sheet, 'training.method', method, launch.program.span, 'Another method is another program.');
  const shared = flagNamed(flags, 'train.colocate_all', 'colocate_all_models') !== undefined;
  const nodes = flagNamed(flags, 'actor.num_nodes', 'actor_num_nodes')?.value;
  const each = flagNamed(flags, 'actor.num_gpus_per_node', 'actor_num_gpus_per_node')?.value;
  if (nodes) putWord(sheet, shared ? 'hardware.nodes' : 'hardware.train_nodes', nodes, count);
  if (each) putWord(sheet, 'hardware.gpus_per_node', each, count);
  const total = Number(nodes?.text) * Number(each?.text);
  if (!nodes || !each || nodes.unknown || each.unknown || !Number.isInteger(total) || total < 1) return;
  const why = 'This is the product of the nodes and the GPUs on each.';
  imply(sheet, shared ? 'hardware.total_gpus' : 'hardware.train_gpus', total, nodes.span, why, each.span);
}
