import { type Flag, flagNamed } from './flag.ts';
import { rewriteWord } from './put-word.ts';
import { add, imply, type Sheet } from './sheet.ts';

/** Seconds ahead of the end at which Slurm sends a signal where none are named (sbatch manual, `--signal`). */
const usualNotice = 60;

/** What becomes of a Slurm job whose nodes are taken back: requeued or not, told by a signal or not, log kept or not. */
export function putSlurmPreemption(sheet: Sheet, flags: readonly Flag[]): void {
  const last = flags.findLast(({ name }) => name === 'requeue' || name === 'no_requeue');
  if (last) {
    const span = last.value?.span ?? last.word.span;
    add(sheet, 'job.requeue', last.name === 'requeue', span);
    if (last.name === 'requeue') add(sheet, 'job.max_retries', 1, span, true);
    sheet.writers.set('job.requeue', (value) => {
      const wanted = value === true ? 'requeue' : 'no-requeue';
      return rewriteWord(sheet, last.word, last.word.text.replace(/(?:no-)?requeue/, wanted));
    });
  }
  const signal = flagNamed(flags, 'signal')?.value;
  const [, name, seconds] = /^(?:[A-Z]+:)?(?:SIG)?([A-Z0-9]+)(?:@(\d+))?$/i.exec(signal?.text ?? '') ?? [];
  if (signal && name !== undefined) {
    add(sheet, 'job.signal', signal.text, signal.span);
    imply(
      sheet,
      'job.notice_seconds',
      Number(seconds ?? usualNotice),
      signal.span,
      'The signal and its time are one word.',
    );
  }
  const mode = flagNamed(flags, 'open_mode')?.value;
  if (mode && /^(?:append|truncate)$/.test(mode.text)) {
    add(sheet, 'job.append_logs', mode.text === 'append', mode.span, true);
    sheet.writers.set('job.append_logs', (value) => rewriteWord(sheet, mode, value === true ? 'append' : 'truncate'));
  }
}
