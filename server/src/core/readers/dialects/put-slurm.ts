import type { ShellWord } from '../../evaluate/shell-word.ts';
import { toAccelerator } from './accelerator-name.ts';
import { spellAccelerator } from './accelerator-spelling.ts';
import { type Flag, flagNamed } from './flag.ts';
import { count, words } from './form.ts';
import { some, why } from './launch-forms.ts';
import { putSlurmPreemption } from './put-slurm-preemption.ts';
import { putWord, rewriteWord, sentence } from './put-word.ts';
import { toSlurmHours } from './quantity.ts';
import { add, has, imply, leaveOpen, type Sheet } from './sheet.ts';

/** Options that `sbatch`, `srun` and the header of a job script share. */
export function putSlurm(sheet: Sheet, flags: readonly Flag[]): void {
  const value = (...names: readonly string[]) => flagNamed(flags, ...names)?.value;
  const nodes = value('nodes', 'N');
  const range = nodes?.unknown === undefined ? /^(\d+)-(\d+)$/.exec(nodes?.text ?? '') : null;
  if (nodes && range && range[1] !== range[2]) {
    leaveOpen(sheet, 'hardware.nodes', `Slurm may give ${range[1]} to ${range[2]} nodes.`, nodes.span);
  } else if (nodes) putWord(sheet, 'hardware.nodes', nodes, some);
  putGres(sheet, value('gpus_per_node'), 1);
  const gres = value('gres');
  if (gres && /(?:^|,)(?:gres[:/])?gpu/.test(gres.text)) putGres(sheet, gres, 1);
  const perTask = value('gpus_per_task');
  if (perTask) putGres(sheet, perTask, tasksPerNode(flags));
  const total = value('gpus', 'G');
  if (total) putTotalGpus(sheet, total, nodes);
  const limit = value('time', 't');
  if (limit) {
    putWord(sheet, 'hardware.time_limit_hours', limit, {
      read: (text) => {
        const hours = toSlurmHours(text);
        return hours === undefined || hours === 0 ? undefined : { value: hours, derived: true };
      },
      spell: slurmTime,
    });
  }
  const constraint = value('constraint', 'C');
  if (constraint && !constraint.unknown) putConstraint(sheet, constraint);
  for (const [fact, names] of [
    ['job.name', ['job_name', 'J']],
    ['job.queue', ['partition', 'p']],
  ] as const) {
    const word = value(...names);
    if (word) putWord(sheet, fact, word, words);
  }
  const cpus = value('cpus_per_task', 'c');
  if (cpus) putWord(sheet, 'resources.cpus_per_task', cpus, some);
  const memory = value('mem');
  if (memory) {
    putWord(sheet, 'resources.memory_gb', memory, {
      read: (text) => {
        const found = /^(\d+(?:\.\d+)?)([KMGT]?)B?$/i.exec(text);
        const unit = { K: 1e-6, M: 1e-3, G: 1, T: 1e3 }[(found?.[2] ?? '').toUpperCase() || 'M'];
        return found && unit && Number(found[1]) > 0 ? { value: Number(found[1]) * unit } : undefined;
      },
      spell: (wanted) => `${wanted}G`,
    });
  }
  putSlurmPreemption(sheet, flags);
}

/** Hours in the way Slurm writes them. */
function slurmTime(hours: number): string {
  const minutes = Math.round(hours * 60);
  const [days, rest] = [Math.floor(minutes / 1440), minutes % 1440];
  const clock = `${String(Math.floor(rest / 60)).padStart(2, '0')}:${String(rest % 60).padStart(2, '0')}:00`;
  return days > 0 ? `${days}-${clock}` : clock;
}

/** `8`, `a100:8`, `gpu:8`, `gpu:a100:8`, each meaning that many for each of `factor` tasks of a node. */
function putGres(sheet: Sheet, word: ShellWord | undefined, factor: number | undefined): void {
  if (!word) return;
  if (word.unknown !== undefined || /\{\{/.test(word.text)) {
    leaveOpen(
      sheet,
      'hardware.gpus_per_node',
      word.unknown === undefined ? 'A template fills this in.' : sentence(word.unknown),
      word.span,
    );
    return;
  }
  const part = word.text.split(',').find((one) => /gpu|^[\w.-]*:?\d+$/.test(one)) ?? '';
  const found = /^(?:gres[:/])?(?:gpu(?::|$))?(?:([A-Za-z][\w.-]*):?)?(\d+)?(?:\(.*\))?$/.exec(part);
  if (!found || (!found[2] && found[1] && !toAccelerator(found[1]))) {
    leaveOpen(sheet, 'hardware.gpus_per_node', `\`${word.text}\` does not say how many GPUs.`, word.span);
    return;
  }
  putDeviceWord(sheet, word, found[1]);
  if (factor === undefined) return;
  const number = Number(found[2] ?? '1') * factor;
  const plain = /^\d+$/.test(word.text) && factor === 1;
  if (plain) putWord(sheet, 'hardware.gpus_per_node', word, count);
  else if (factor === 1 && found[2] && !has(sheet, 'hardware.gpus_per_node')) {
    putWord(sheet, 'hardware.gpus_per_node', word, {
      read: () => ({ value: number }),
      spell: (wanted) => word.text.replace(/\d+(?=(?:\(.*\))?(?:,|$))/, String(wanted)),
    });
  } else imply(sheet, 'hardware.gpus_per_node', number, word.span, why);
}

/** The type of GPU inside a word such as `gpu:a100:4`, in the cluster's own letter case. */
function putDeviceWord(sheet: Sheet, word: ShellWord, type: string | undefined): void {
  const device = type === undefined ? undefined : toAccelerator(type);
  if (type === undefined || !device || has(sheet, 'hardware.accelerator')) return;
  add(sheet, 'hardware.accelerator', device, word.span, true);
  sheet.writers.set('hardware.accelerator', (value) => {
    const spelled = spellAccelerator(String(value), 'short') ?? String(value);
    const name = type === type.toLowerCase() ? spelled.toLowerCase() : spelled;
    return rewriteWord(sheet, word, word.text.replace(type, type.includes('_') ? name.replaceAll('-', '_') : name));
  });
}

function putTotalGpus(sheet: Sheet, word: ShellWord, nodes: ShellWord | undefined): void {
  const found = /^(?:([A-Za-z][\w.-]*):)?(\d+)$/.exec(word.text);
  if (word.unknown !== undefined || !found) {
    leaveOpen(
      sheet,
      'hardware.total_gpus',
      word.unknown === undefined ? 'This is no number of GPUs.' : sentence(word.unknown),
      word.span,
    );
    return;
  }
  putDeviceWord(sheet, word, found[1]);
  putWord(sheet, 'hardware.total_gpus', word, {
    read: () => ({ value: Number(found[2]) }),
    spell: (wanted) => word.text.replace(/\d+$/, String(wanted)),
  });
  const perNode = Number(found[2]) / Number(nodes?.text ?? '1');
  if (Number.isInteger(perNode) && perNode > 0) imply(sheet, 'hardware.gpus_per_node', perNode, word.span, why);
}

function tasksPerNode(flags: readonly Flag[]): number | undefined {
  const number = (...names: readonly string[]) => {
    const word = flagNamed(flags, ...names)?.value;
    return word && word.unknown === undefined && /^\d+$/.test(word.text) ? Number(word.text) : undefined;
  };
  const perNode = number('ntasks_per_node');
  if (perNode !== undefined) return perNode;
  const tasks = number('ntasks', 'n');
  const nodes = number('nodes', 'N') ?? 1;
  if (tasks === undefined) return 1;
  return Number.isInteger(tasks / nodes) ? tasks / nodes : undefined;
}

/** A node feature that names a device: `a100`, `h100_80gb`, `volta32gb`. */
function putConstraint(sheet: Sheet, word: ShellWord): void {
  const alternatives = word.text.replace(/[[\]()"]/g, '').split(/[|&,]/);
  const devices = alternatives.flatMap((one) => {
    const name = one.replace(/^volta/i, 'v100-').replace(/^hopper/i, 'h100-');
    const device = toAccelerator(name.replace(/-$/, ''));
    return device ? [device] : [];
  });
  const [first, ...rest] = [...new Set(devices)];
  if (!first) return;
  const [only] = alternatives;
  if (only !== undefined && alternatives.length === 1 && toAccelerator(only)) putDeviceWord(sheet, word, only);
  else if (rest.length === 0 || word.text.includes('&')) imply(sheet, 'hardware.accelerator', first, word.span, why);
  else add(sheet, 'hardware.accelerator_candidates', [first, ...rest], word.span, true);
}
