import type { Engine } from '../gather/engine.ts';
import type { Abilities } from './abilities.ts';
import type { Analyses } from './analyses.ts';
import type { listenToDocuments } from './documents.ts';
import type { FaultLog } from './safely.ts';
import type { keepSettings } from './settings-cache.ts';

/** What the request handlers share. */
export interface Context {
  readonly analyses: Analyses;
  readonly settings: ReturnType<typeof keepSettings>;
  readonly documents: ReturnType<typeof listenToDocuments>;
  readonly log: FaultLog;
  engine(): Promise<Engine>;
  abilities(): Abilities;
}
