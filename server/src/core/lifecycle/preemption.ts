/** Where a job runs, as far as it decides what becomes of it when its capacity is taken back. */
export type Platform = 'slurm' | 'skypilot' | 'sagemaker' | 'kubernetes' | 'other';

/** Whether saves outlive the machine: certainly, certainly not, or as its disks are. */
export type Durability = 'lasting' | 'local' | 'unknown';

/** What is known of a job that may be taken back; a field is absent where nothing tells. */
export interface PreemptionFacts {
  readonly platform: Platform;
  /** It saves during the run at all. */
  readonly saves?: boolean;
  /** It is started anew. */
  readonly requeued?: boolean;
  /** Seconds between the word that it ends and its end. */
  readonly noticeSeconds?: number;
  /** It saves when it gets the word. */
  readonly savesOnNotice?: boolean;
  /** Seconds from the start of a save until it can be resumed from: likely, and at slow storage. */
  readonly writeSeconds?: { readonly likely: number; readonly high: number };
  /** It goes on from a save. */
  readonly resumes?: boolean;
  /** The one save that it starts from, where that is not the latest. */
  readonly fixedSave?: string;
  readonly durability?: Durability;
  readonly directory?: string;
  readonly appendsLogs?: boolean;
  readonly restoresData?: boolean;
  /** Its interval against the band that loses at most 1 % more than the best. */
  readonly interval?: 'within' | 'too-often' | 'too-rarely' | 'failures-alone';
}

export type PreemptionPoint = 'requeue' | 'notice' | 'resume' | 'directory' | 'logs' | 'data' | 'interval';

/** One point of the checklist: in place, missing, or not to be told from the files. */
export interface PreemptionCheck {
  readonly point: PreemptionPoint;
  readonly state: 'yes' | 'no' | 'unknown';
  /** Why, in a word that the report phrases. */
  readonly because?:
    | 'no-saves'
    | 'fixed-save'
    | 'local-disk'
    | 'notice-too-short'
    | 'notice-may-be-short'
    | 'only-between-saves'
    | 'too-often'
    | 'too-rarely'
    | 'failures-alone';
}

/**
 * What a job needs so that being taken back costs minutes: it is started anew, saves when told or often enough, goes on from
 * its latest save, which outlives the machine, keeps its log and its place in the data. Points that mean nothing on the
 * platform are left out.
 */
export function checkPreemption(facts: PreemptionFacts): readonly PreemptionCheck[] {
  const { platform, saves, requeued, resumes, fixedSave, durability, appendsLogs, restoresData, interval } = facts;
  const state = (flag: boolean | undefined) => (flag === undefined ? 'unknown' : flag ? 'yes' : 'no');
  const checks: PreemptionCheck[] = [{ point: 'requeue', state: state(requeued) }, noticeOf(facts)];
  if (saves === false) checks.push({ point: 'resume', state: 'no', because: 'no-saves' });
  else if (fixedSave !== undefined) checks.push({ point: 'resume', state: 'no', because: 'fixed-save' });
  else checks.push({ point: 'resume', state: state(resumes) });
  if (durability === 'local') checks.push({ point: 'directory', state: 'no', because: 'local-disk' });
  else checks.push({ point: 'directory', state: durability === 'lasting' ? 'yes' : 'unknown' });
  if (platform === 'slurm') checks.push({ point: 'logs', state: state(appendsLogs) });
  checks.push({ point: 'data', state: state(restoresData) });
  if (interval === 'within') checks.push({ point: 'interval', state: 'yes' });
  else if (interval === 'failures-alone') checks.push({ point: 'interval', state: 'unknown', because: interval });
  else if (interval !== undefined) checks.push({ point: 'interval', state: 'no', because: interval });
  else if (saves !== false) checks.push({ point: 'interval', state: 'unknown' });
  return checks;
}

/** A save within the notice: in place where it surely fits; without one, work since the last save is lost and no more. */
function noticeOf({ savesOnNotice, noticeSeconds, writeSeconds }: PreemptionFacts): PreemptionCheck {
  if (savesOnNotice === undefined) return { point: 'notice', state: 'unknown' };
  if (!savesOnNotice) return { point: 'notice', state: 'no', because: 'only-between-saves' };
  if (noticeSeconds === undefined || writeSeconds === undefined) return { point: 'notice', state: 'yes' };
  if (writeSeconds.likely > noticeSeconds) return { point: 'notice', state: 'no', because: 'notice-too-short' };
  return writeSeconds.high > noticeSeconds
    ? { point: 'notice', state: 'yes', because: 'notice-may-be-short' }
    : { point: 'notice', state: 'yes' };
}

/**
 * The most work that one preemption costs, in seconds: what lies behind the last save that was whole, an interval and the
 * time of a save at most; where a save is taken within the notice, that of one step.
 */
export function mostLost(
  intervalSeconds: number,
  writeSeconds: number,
  stepSeconds: number,
  savedOnNotice: boolean,
): number {
  return savedOnNotice ? stepSeconds : intervalSeconds + writeSeconds;
}

const buckets = /^(?:s3|gs|gcs|az|abfss?|wasbs?|hf|dbfs|oci|r2|cos|oss|hdfs):\/\//i;
/** Folders that go with the machine on every platform that has them. */
const passing =
  /^(?:\/tmp|\/var\/tmp|\/dev\/shm|\/localscratch|\/scratch\/local|\/local(?:disk)?|\/nvme\d*|\/mnt\/(?:nvme|local|resource|ssd)\w*|\/opt\/dlami\/nvme|\$\{?(?:TMPDIR|SLURM_TMPDIR|TMP)\}?)(?:\/|$)/;

/** Whether what is written to a place (empty where none is named) outlives the machine, with storage mounted at some paths. */
export function durabilityOf(directory: string, platform: Platform, mounts: readonly string[]): Durability {
  if (buckets.test(directory)) return 'lasting';
  const under = (mount: string) => directory === mount || directory.startsWith(`${mount.replace(/\/$/, '')}/`);
  if (mounts.some(under)) return 'lasting';
  if (passing.test(directory)) return 'local';
  // SageMaker copies saves only to the address that the job names.
  if (platform === 'sagemaker') return 'local';
  // A managed spot task gets a new machine; what is not a mount stays on the old one.
  if (platform === 'skypilot' && /^[^$]/.test(directory)) return 'local';
  return 'unknown';
}
