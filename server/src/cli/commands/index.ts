import type { ExitCode } from '../exit.ts';
import type { CliHost } from '../host.ts';
import { command as checkpoints } from './checkpoints.ts';
import { command as comment } from './comment.ts';
import { completionOf } from './completion.ts';
import { command as diff } from './diff.ts';
import { command as doctor } from './doctor.ts';
import { command as estimate } from './estimate.ts';
import { command as explain } from './explain.ts';
import { command as facts } from './facts.ts';
import { command as fit } from './fit.ts';
import { command as gpus } from './gpus.ts';
import { command as lsp } from './lsp.ts';
import { command as mcp } from './mcp.ts';
import { command as optimize } from './optimize.ts';
import { command as predict } from './predict.ts';
import { command as prices } from './prices.ts';
import { command as scan } from './scan.ts';
import { command as schema } from './schema.ts';
import { command as spot } from './spot.ts';
import { command as storage } from './storage.ts';

/** One command of the command line. */
export interface Command {
  readonly name: string;
  readonly usage: string;
  readonly summary: string;
  /** What `--help` says besides. */
  readonly details?: string;
  run(argv: readonly string[], host: CliHost): Promise<ExitCode>;
}

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [
  estimate,
  scan,
  diff,
  comment,
  optimize,
  fit,
  checkpoints,
  spot,
  storage,
  explain,
  doctor,
  facts,
  gpus,
  prices,
  predict,
  schema,
  lsp,
  mcp,
  completionOf(() => commands),
];
