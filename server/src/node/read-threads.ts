import { availableParallelism } from 'node:os';
import { parentPort, Worker, workerData } from 'node:worker_threads';
import type { Host } from '#core/host.ts';
import { loadSyntax } from '#server/gather/engine.ts';
import type { CliHost } from '../cli/host.ts';
import { type KeptEntries, openReadings } from '../cli/kept-readings.ts';
import { type ReadingThreads, type ReadTask, readShare } from '../cli/read-share.ts';

/** What a thread is started with: the task, and how many files were handed out so far, in memory that all threads share. */
interface ThreadData {
  readonly flopwise: 'read';
  readonly task: ReadTask;
  readonly handedOut: Int32Array;
}

/** More threads than these wait for memory rather than for a processor. */
const maximumThreads = 8;

/** Starts threads of the bundle at a path: each is the same program, which asks `threadData` what it is. */
export function readInThreads(bundle: string, task: ReadTask): ReadingThreads {
  const count = Math.min(availableParallelism(), maximumThreads) - 1;
  const handedOut = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const data: ThreadData = { flopwise: 'read', task, handedOut };
  return {
    count,
    next: () => Atomics.add(handedOut, 0, 1),
    shares: Promise.all(Array.from({ length: count }, () => shareOf(bundle, data))),
  };
}

function shareOf(bundle: string, data: ThreadData): Promise<KeptEntries | Error> {
  return new Promise((resolve) => {
    const thread = new Worker(bundle, { workerData: data });
    thread.once('message', resolve);
    thread.once('error', resolve);
    thread.once('exit', (code) => resolve(new Error(`ended with ${code}`)));
  });
}

/** The task of this thread; undefined in the program's own thread. */
export function threadData(): ThreadData | undefined {
  const data: unknown = workerData;
  const ours = typeof data === 'object' && data !== null && 'flopwise' in data && data.flopwise === 'read';
  return ours ? (data as ThreadData) : undefined;
}

/** Reads this thread's share and hands it over. */
export async function runThread({ task, handedOut }: ThreadData, host: Host, hash: CliHost['hash']): Promise<void> {
  const syntax = await loadSyntax(host);
  const kept = openReadings(undefined, { root: task.root, release: task.release, hash });
  readShare(task, syntax, kept, () => Atomics.add(handedOut, 0, 1));
  parentPort?.postMessage(kept.entries());
}
