import { callsOf } from './dialects/python/calls.ts';
import { positive, text } from './dialects/python/forms.ts';
import { allowKeyword, createLedger, put } from './dialects/python/ledger.ts';
import { pythonReader } from './dialects/python/lens.ts';
import { hoursIn, readTotal } from './dialects/python/resource-section.ts';
import { isAnyTrainer } from './dialects/python/training-loop.ts';

/** Reads programs that submit Slurm jobs with submitit. */
export const reader = pythonReader({
  id: 'submitit',
  info: { title: 'submitit', files: 'Python scripts with `executor.update_parameters(...)`' },
  mentions: (text) => /\bsubmitit\b/.test(text) && /update_parameters\(/.test(text),
  find: (program) => {
    const update = callsOf(program, /\.update_parameters$/)[0];
    if (!update || isAnyTrainer(program)) return undefined;
    const ledger = createLedger();
    const quiet = { quiet: true };
    // Each call adds to what the ones before it set.
    const updates = callsOf(program, /\.update_parameters$/);
    const get = (...names: readonly string[]) =>
      names.flatMap((name) => updates.map((one) => one.keywords.get(name))).find((one) => one !== undefined);
    put(ledger, 'hardware.gpus_per_node', get('gpus_per_node', 'slurm_gpus_per_node'), positive, quiet);
    put(ledger, 'hardware.nodes', get('nodes', 'slurm_nodes'), positive, quiet);
    put(ledger, 'hardware.time_limit_hours', get('timeout_min', 'slurm_time'), hoursIn('m'), quiet);
    put(ledger, 'resources.cpus_per_task', get('cpus_per_task', 'slurm_cpus_per_task'), positive, quiet);
    put(ledger, 'resources.memory_gb', get('mem_gb'), positive, quiet);
    put(ledger, 'job.queue', get('slurm_partition', 'partition'), text, quiet);
    put(ledger, 'job.name', get('name', 'slurm_job_name'), text, quiet);
    if (!ledger.entries.has('hardware.gpus_per_node')) return undefined;
    allowKeyword(ledger, 'hardware.nodes', update, 'nodes', String);
    allowKeyword(ledger, 'hardware.time_limit_hours', update, 'timeout_min', (to) =>
      String(Math.round(Number(to) * 60)),
    );
    readTotal(ledger);
    return { ledger, anchor: update.at, role: 'job' };
  },
});
