import { jobReader } from './dialects/job-reader.ts';
import { scriptSurveys } from './dialects/launch-script.ts';
import { putHeaderFacts } from './dialects/slurm-facts.ts';
import { hasSlurmHeader, readSlurmHeader, slurmEnvironment } from './dialects/slurm-header.ts';
import type { Reader } from './reader.ts';

/** Slurm job scripts: the `#SBATCH` header, also inside a heredoc, and what the script launches. */
export const reader: Reader = jobReader({
  id: 'slurm',
  info: { title: 'Slurm', files: '*.sbatch, *.slurm, shell scripts with #SBATCH lines' },
  languages: ['bash'],
  mentions: hasSlurmHeader,
  lacks: {
    'hardware.spot': 'Slurm has no spot capacity of its own: choose a partition or QOS whose jobs may be preempted.',
    'hardware.instance_type': 'Slurm knows partitions and node features, not the machine types of a cloud.',
  },
  surveys(file, context) {
    const header = readSlurmHeader(file.text, file.uri);
    const name = header.flags.findLast((flag) => flag.name === 'job_name' || flag.name === 'J')?.value;
    return scriptSurveys(file, context, {
      reader: 'slurm',
      environment: slurmEnvironment(header),
      putHeader: (sheet, script) => putHeaderFacts(sheet, header, script),
      ...(header.place ? { header: header.place } : {}),
      ...(name && name.unknown === undefined && name.text !== '' ? { name: name.text } : {}),
    });
  },
});
