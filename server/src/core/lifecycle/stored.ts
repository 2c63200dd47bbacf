/** A file below a folder of checkpoints. */
export interface StoredFile {
  /** Path below the folder, with slashes. */
  readonly path: string;
  readonly bytes: number;
}

/** Formats that are told apart by the names they write. */
export type CheckpointLayout =
  | 'hf-trainer'
  | 'peft'
  | 'accelerate'
  | 'deepspeed'
  | 'megatron'
  | 'dcp'
  | 'lightning'
  | 'orbax';

/** One save that lies there. */
export interface StoredCheckpoint {
  /** Folder or file of the save. */
  readonly path: string;
  readonly layout: CheckpointLayout;
  /** Step or epoch in its name. */
  readonly order?: number;
  readonly bytes: number;
  /** Bytes by what they are of; files that hold both count as `together`, those that hold neither as `other`. */
  readonly parts: {
    readonly weights: number;
    readonly optimizer: number;
    readonly together: number;
    readonly other: number;
  };
  readonly files: readonly StoredFile[];
  /** Why it is not whole; absent where nothing that the format writes is missing. */
  readonly incomplete?: string;
}

/** The saves of one run, oldest first, with those that must stay. */
export interface StoredRun {
  /** The folder that holds them; empty for the folder itself. */
  readonly path: string;
  readonly checkpoints: readonly StoredCheckpoint[];
  /** The save that a run goes on from. */
  readonly resume?: string;
  /** The save that was best by the run's own measure; `none` where it keeps no such measure, `unknown` where it may and none can be read. */
  readonly best: { readonly path: string } | 'none' | 'unknown';
  /** What makes it unsafe to let anything go. */
  readonly problems: readonly string[];
}

/** The last name of a path. */
export function nameOfPath(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The folder of a path; empty where it has none. */
export function folderOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
}
