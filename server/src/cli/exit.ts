/** What the exit code says: fine, findings over the threshold, not done, wrong usage. */
export const exit = { fine: 0, findings: 1, failed: 2, usage: 64 } as const;

/** One of the exit codes. */
export type ExitCode = (typeof exit)[keyof typeof exit];

/** A known failure: one line for the user and an exit code; everything else is a defect of ours and is rethrown. */
export class KnownError extends Error {
  readonly code: ExitCode;

  constructor(message: string, code: ExitCode = exit.failed) {
    super(message);
    this.code = code;
  }
}
