import { makes } from './dialects/python/calls.ts';
import { createLedger } from './dialects/python/ledger.ts';
import { pythonReader } from './dialects/python/lens.ts';
import { otherTrainers } from './dialects/python/trainers.ts';
import { isTrainingLoop, readTrainingLoop } from './dialects/python/training-loop.ts';

/** Reads training loops written by hand in PyTorch, with or without Accelerate, Fabric or DeepSpeed around them. */
export const reader = pythonReader({
  id: 'pytorch',
  info: {
    title: 'PyTorch training loops',
    files: 'Python scripts and notebooks with an optimiser and `loss.backward()`',
  },
  mentions: (text) =>
    (/\bbackward\(/.test(text) ||
      (/\boptim(izers?)?\b/i.test(text) && /\bDataLoader\b|deepspeed\.initialize/.test(text))) &&
    /\b(torch|accelerate|lightning|deepspeed)\b/.test(text),
  find: (program) => {
    if (makes(program, otherTrainers).length > 0 || !isTrainingLoop(program)) return undefined;
    const ledger = createLedger();
    readTrainingLoop(program, ledger);
    const optimizer = program.events.find(
      (event) => event.reached && /optim|Adam|SGD/i.test(event.path) && event.at.uri === program.file.uri,
    );
    return { ledger, anchor: optimizer?.at ?? { uri: program.file.uri, start: 0, end: 0 } };
  },
});
