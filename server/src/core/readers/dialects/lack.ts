import { changeable } from '../../facts/changeable.ts';
import type { Role } from '../../facts/reading.ts';
import type { FactName } from '../../facts/vocabulary.ts';
import type { Refusal } from '../reader.ts';

/** Reasons of one format for facts that it has no place for. */
export type Lacks = Readonly<Partial<Record<FactName, string>>>;

/** Who refuses: a format's name, the part that its file plays in a job, and its own reasons. */
export interface Holder {
  readonly title: string;
  readonly role: Role;
  readonly lacks?: Lacks;
}

/** Says why a format has no place for a fact: its own reason, else what the file is for and where the fact belongs. */
export function describeLack(holder: Holder, name: FactName): Refusal {
  const { title, role, lacks } = holder;
  const own = lacks?.[name];
  if (own !== undefined) return { refused: own };
  const word = wordOf(name);
  const about = groupOf(name);
  const trains = role === 'program' || role === 'config' || role === 'fragment';
  if (trains && about === 'machine') {
    return { refused: `This file does not say what the job runs on: set ${word} in the file that starts it.` };
  }
  if (about === 'server' && role !== 'serving') {
    const what = trains ? 'This file is about training and starts no server' : 'This job starts no known server';
    return { refused: `${what}, so ${word} has no place here.` };
  }
  if (about === 'training' && role === 'infrastructure') {
    return { refused: `This file describes machines: set ${word} in the program that runs on them.` };
  }
  if (about === 'training' && role === 'serving') {
    return { refused: `This file starts a server and trains nothing, so ${word} has no place here.` };
  }
  if (about === 'training' && !trains) {
    return { refused: `The flags of the program that starts here are not known: set ${word} in it or in its config.` };
  }
  if (role === 'program')
    return { refused: `No argument in this program sets ${word}: that takes a change of its code.` };
  return { refused: `The format (${title}) has no setting for ${word}.` };
}

/** Words for the facts beside the changeable ones that advice asks for. */
const advised: Readonly<Partial<Record<FactName, string>>> = {
  'training.fused_loss': 'a fused loss',
  'training.tf32': 'TF32',
  'training.max_steps': 'the number of steps',
  'optimizer.fused': 'the fused optimizer step',
  'data.seq_len': 'the sequence length',
  'data.num_workers': 'the number of loader workers',
  'eval.steps': 'the steps between evaluations',
  'lora.alpha': 'the LoRA scale',
  'parallel.fsdp_sharding': 'the sharding strategy',
  'parallel.offload_optimizer': 'optimizer states on the host',
  'parallel.offload_params': 'weights on the host',
  'parallel.pp': 'pipeline parallelism',
  'checkpoint.resume': 'resuming',
  'checkpoint.save_only_model': 'saving weights alone',
  'infra.cloud': 'the cloud',
  'infra.region': 'the region',
  'job.queue': 'the queue',
  'resources.cpu_request': 'the cores asked for',
  'resources.disk_gb': 'the size of the disk',
  'resources.memory_request_gib': 'the memory asked for',
};

/** A fact in words, for sentences. */
export function wordOf(name: FactName): string {
  const known: Readonly<Partial<Record<FactName, string>>> = changeable;
  return known[name] ?? advised[name] ?? `\`${name}\``;
}

function groupOf(name: FactName): 'machine' | 'server' | 'training' {
  if (/^(hardware|infra|resources|job)\./.test(name)) return 'machine';
  return name.startsWith('serving.') ? 'server' : 'training';
}
