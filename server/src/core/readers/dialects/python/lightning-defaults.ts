import { isTold, type Ledger } from './ledger.ts';
import type { FrameworkDefaults } from './reading.ts';

/** What `lightning.Trainer` of 2.6.6 does where the program is silent: without a limit of any kind it stops after 1,000 epochs. */
export function lightningDefaults(ledger: Ledger): FrameworkDefaults {
  const limited = isTold(ledger, 'training.max_steps') || isTold(ledger, 'training.epochs');
  return {
    framework: 'lightning',
    version: '2.6.6',
    values: {
      'training.gradient_accumulation_steps': 1,
      ...(limited ? {} : { 'training.epochs': 1000 }),
    },
  };
}
