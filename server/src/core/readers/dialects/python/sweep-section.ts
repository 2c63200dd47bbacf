import type { Program } from '../../../evaluate/python.ts';
import type { CallEvent } from '../../../evaluate/value.ts';
import { callsOf } from './calls.ts';
import { positive } from './forms.ts';
import { imply, type Ledger, put, settle } from './ledger.ts';

/** Searches over hyperparameters by Ray Tune, Optuna and the trainer's own method: trials, and the rule that ends poor ones. */
export function readSweep(program: Program, ledger: Ledger): void {
  for (const event of callsOf(program, /(^|\.)(TuneConfig|tune\.run)$/)) {
    if (!event.keywords.has('num_samples')) continue;
    put(ledger, 'sweep.trials', event.keywords.get('num_samples'), positive);
    readScheduler(ledger, event);
  }
  for (const event of callsOf(program, /(^|\.)(optimize|hyperparameter_search)$/)) {
    const trials = event.keywords.get('n_trials');
    if (!trials) continue;
    put(ledger, 'sweep.trials', trials, positive);
    if (event.name === 'optimize') readPruner(program, ledger, event);
  }
}

/** Ray Tune runs every trial to its end unless it is given a scheduler (`FIFOScheduler` is none). */
function readScheduler(ledger: Ledger, event: CallEvent): void {
  const given = event.keywords.get('scheduler');
  const scheduler = given && settle(given);
  if (event.open && !scheduler) return;
  if (!scheduler || scheduler.kind === 'none') imply(ledger, 'sweep.early_stopping', 'none', event.at);
  if (scheduler?.kind !== 'object' && scheduler?.kind !== 'reference') return;
  const name = scheduler.path.slice(scheduler.path.lastIndexOf('.') + 1);
  imply(ledger, 'sweep.early_stopping', name === 'FIFOScheduler' ? 'none' : name, scheduler.at);
}

/** Optuna's study has a pruner by default, which ends a trial only where the objective asks it to (`should_prune`). */
function readPruner(program: Program, ledger: Ledger, event: CallEvent): void {
  const asks = callsOf(program, /(^|[.?])should_prune$/).length > 0 || callsOf(program, /PruningCallback$/).length > 0;
  const off = callsOf(program, /(^|\.)NopPruner$/).length > 0;
  if (!asks || off) imply(ledger, 'sweep.early_stopping', 'none', event.at);
}
