import { callsOf, makes } from './dialects/python/calls.ts';
import { createLedger } from './dialects/python/ledger.ts';
import { pythonReader } from './dialects/python/lens.ts';
import { readResources } from './dialects/python/resource-section.ts';
import { otherTrainers } from './dialects/python/trainers.ts';
import { isTrainingLoop, readTrainingLoop } from './dialects/python/training-loop.ts';

/** Reads programs that start jobs with an SDK and train nothing themselves: Kubeflow, Ray Train, Runhouse, SkyPilot. */
export const reader = pythonReader({
  id: 'kubeflow-python',
  info: {
    title: 'Kubeflow, Ray Train, Runhouse and SkyPilot SDKs',
    files: 'Python scripts and notebooks with `CustomTrainer`, `ScalingConfig`, `rh.cluster`, `sky.Task`',
  },
  mentions: (text) => /\b(CustomTrainer|TrainingClient|ScalingConfig|runhouse|sky\.(Task|Resources))\b/.test(text),
  find: (program) => {
    const start = callsOf(
      program,
      /(^|\.)(CustomTrainer|ScalingConfig)$|Client\.(create_job|train)$|^(rh|runhouse)\.(\w+\.)*cluster$|^sky\.(Task|Resources)$/,
    )[0];
    if (!start?.reached || makes(program, otherTrainers).length > 0) return undefined;
    const ledger = createLedger();
    const trains = isTrainingLoop(program);
    // A loop in this very file is read with it; one that is imported belongs to what starts it.
    if (trains && /\bbackward\(/.test(program.file.text)) return undefined;
    if (trains) readTrainingLoop(program, ledger);
    else readResources(program, ledger);
    return { ledger, anchor: start.at, role: 'job' };
  },
});
