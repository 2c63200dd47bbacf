import type { Fact, OpenFact } from '../facts/fact.ts';
import type { Reading } from '../facts/reading.ts';
import type { FactName } from '../facts/vocabulary.ts';
import type { Problem } from '../source/problem.ts';
import type { Span } from '../source/span.ts';

/** Two files that say different things of one fact. */
export interface Conflict {
  readonly name: FactName;
  /** The statement that holds, by precedence. */
  readonly holds: Fact;
  readonly against: Fact;
}

/** Everything the files together say of one job: script, configs, launcher and manifest, joined. */
export interface Workload {
  /** Stable over edits: the main file's URI and the name. */
  readonly id: string;
  readonly name: string;
  /** The file that the job is known by: its program or config, else its manifest. */
  readonly main: string;
  readonly files: readonly string[];
  readonly readings: readonly Reading[];
  /** One fact a name, the one that holds. */
  readonly facts: readonly Fact[];
  readonly open: readonly OpenFact[];
  readonly conflicts: readonly Conflict[];
  /** Where the sum of the job is shown, one place a file that takes part. */
  readonly anchors: readonly Span[];
  readonly problems: readonly Problem[];
}
