import type { ShellReading } from '../../evaluate/shell.ts';
import type { FactName, FactValue } from '../../facts/vocabulary.ts';
import { lineBreak } from '../../source/lines.ts';
import { toAccelerator } from './accelerator-name.ts';
import { putSlurm } from './put-slurm.ts';
import { has, imply, type Sheet } from './sheet.ts';
import { readSlurmHeader, type SlurmHeader } from './slurm-header.ts';

/** Puts what the header says, or the header of the script that is handed to `sbatch` in a heredoc. */
export function putHeaderFacts(sheet: Sheet, header: SlurmHeader, script: ShellReading): void {
  const inner = script.scripts.find((one) => one.program === 'sbatch');
  const used = header.flags.length > 0 || !inner ? header : readSlurmHeader(inner.text, inner.map);
  putSlurm(sheet, used.flags);
  if (used.flags.some((flag) => flag.name === 'qos' && /preempt|spot|scaveng/i.test(flag.value?.text ?? ''))) {
    const span = used.flags.find((flag) => flag.name === 'qos')?.value?.span;
    if (span) imply(sheet, 'hardware.spot', true, span, 'The quality of service is a choice of the cluster.');
  }
  for (const { text, span } of used.comments) {
    const named = /\b(\w[\w-]*) GPUs?\b/i.exec(text)?.[1];
    const device = named ? toAccelerator(named) : undefined;
    if (device) imply(sheet, 'hardware.accelerator', device, span, 'Only a comment names the device.');
  }
  allowDirectives(sheet, used);
}

const directives: Readonly<Partial<Record<FactName, (value: FactValue) => string>>> = {
  'hardware.nodes': (value) => `--nodes=${String(value)}`,
  'hardware.gpus_per_node': (value) => `--gpus-per-node=${String(value)}`,
  'job.queue': (value) => `--partition=${String(value)}`,
  'resources.cpus_per_task': (value) => `--cpus-per-task=${String(value)}`,
  'job.requeue': (value) => (value === true ? '--requeue' : '--no-requeue'),
  'job.signal': (value) => `--signal=${String(value)}`,
  'job.append_logs': (value) => `--open-mode=${value === true ? 'append' : 'truncate'}`,
  'hardware.time_limit_hours': (value) => {
    const minutes = Math.max(1, Math.round(Number(value) * 60));
    const [days, rest] = [Math.floor(minutes / 1440), minutes % 1440];
    const clock = `${String(Math.floor(rest / 60)).padStart(2, '0')}:${String(rest % 60).padStart(2, '0')}:00`;
    return `--time=${days > 0 ? `${days}-` : ''}${clock}`;
  },
};

/** Lets directives be added that the header lacks, as a new line after the last one. */
function allowDirectives(sheet: Sheet, header: SlurmHeader): void {
  const { end } = header;
  if (!end || end.uri !== sheet.file.uri) return;
  for (const [name, spell] of Object.entries(directives) as readonly (readonly [
    FactName,
    (value: FactValue) => string,
  ])[]) {
    if (has(sheet, name) || sheet.writers.has(name)) continue;
    sheet.writers.set(name, (value) => {
      if (name === 'job.signal' && !/^[ \t]*(?:exec[ \t]+)?srun\b/m.test(sheet.file.text))
        return { refused: 'Slurm sends the signal to the steps that srun starts; this script starts none.' };
      const at = { uri: end.uri, start: end.end, end: end.end };
      return { edits: [{ span: at, text: `${lineBreak(sheet.file)}#SBATCH ${spell(value)}` }] };
    });
  }
  if (!sheet.writers.has('hardware.accelerator')) {
    sheet.writers.set('hardware.accelerator', () => ({
      refused: 'Which GPU type a node has is a choice of the cluster; set its partition or constraint.',
    }));
  }
}
