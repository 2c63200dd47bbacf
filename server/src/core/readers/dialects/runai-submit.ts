import type { ShellWord } from '../../evaluate/shell-word.ts';
import { type Flag, flagNamed, readOptions } from './flag.ts';
import { count, cpus, type Form, gib, words } from './form.ts';
import { putWord } from './put-word.ts';
import { imply, leaveOpen, type Sheet } from './sheet.ts';

/** A command that submits a job to Run:ai, taken apart. */
export interface RunaiSubmission {
  readonly flags: readonly Flag[];
  /** The started command behind `--`; none where the image starts by itself. */
  readonly rest: readonly ShellWord[];
}

/**
 * Takes `runai submit NAME ... -- COMMAND` apart, in the forms of both command lines (`runai submit-dist pytorch`,
 * `runai training pytorch submit`, `runai inference submit`); undefined for any other command of the tool. The name and
 * the framework become flags.
 */
export function readRunaiSubmit(given: readonly ShellWord[]): RunaiSubmission | undefined {
  const verb = given.findIndex((word) => /^submit(?:-dist|-mpi)?$/.test(word.text));
  const verbWord = given[verb];
  if (!verbWord || verb > 3 || given.slice(0, verb).some((word) => word.text.startsWith('-'))) return undefined;
  const dashes = given.findIndex((word) => word.text === '--');
  const before = given.slice(verb + 1, dashes < 0 ? undefined : dashes);
  const { flags } = readOptions(before);
  const firstFlag = before.findIndex((word) => word.text.startsWith('-'));
  const plain = before.slice(0, firstFlag < 0 ? undefined : firstFlag);
  const kinds = [...given.slice(1, verb), ...(verbWord.text === 'submit-dist' ? plain.slice(0, 1) : [])];
  const framework = kinds.find((word) => /^(?:pytorch|mpi|tf|tensorflow|xgboost|jax)$/i.test(word.text));
  const name = plain.find((word) => word !== framework);
  const said = (flag: string, word: ShellWord | undefined): readonly Flag[] =>
    word ? [{ name: flag, word, value: word, values: [word], index: -1 }] : [];
  return {
    flags: [...flags, ...said('framework', framework), ...said('job_name', name)],
    rest: dashes < 0 ? [] : given.slice(dashes + 1),
  };
}

const some: Form<number> = {
  read: (text) => {
    const formed = count.read(text);
    return formed && formed.value > 0 ? formed : undefined;
  },
  spell: count.spell,
};

/** Puts what a submission asks for: devices of each pod, pods, CPU, memory, image and name. */
export function putRunai(sheet: Sheet, flags: readonly Flag[]): void {
  const value = (...names: readonly string[]) => flagNamed(flags, ...names)?.value;
  const devices = value('gpu_devices_request', 'gpu', 'g');
  const portion = value('gpu_portion_request') ?? devices;
  if (portion && Number(portion.text) > 0 && Number(portion.text) < 1) {
    leaveOpen(sheet, 'hardware.gpus_per_node', 'A part of one device is asked for.', portion.span);
  } else if (devices) putWord(sheet, 'hardware.gpus_per_node', devices, some);
  putPods(sheet, value('workers'), value('framework'), flagNamed(flags, 'no_master') !== undefined);
  const put = [
    [value('job_name', 'name'), 'job.name', words],
    [value('image', 'i'), 'job.image', words],
  ] as const;
  for (const [word, fact, form] of put) if (word) putWord(sheet, fact, word, form);
  const cpu = value('cpu_core_request', 'cpu');
  if (cpu) putWord(sheet, 'resources.cpu_request', cpu, cpus);
  const memory = value('cpu_memory_request', 'memory');
  if (memory) putWord(sheet, 'resources.memory_request_gib', memory, gib());
  const retries = value('backoff_limit');
  if (retries) putWord(sheet, 'job.backoff_limit', retries, count);
}

/** The master of PyTorch trains beside the workers; the launcher of MPI has no device. */
function putPods(
  sheet: Sheet,
  workers: ShellWord | undefined,
  framework: ShellWord | undefined,
  masterless: boolean,
): void {
  if (!workers) return;
  const known = workers.unknown === undefined ? some.read(workers.text) : undefined;
  if (!known || masterless || !/^pytorch$/i.test(framework?.text ?? '')) {
    putWord(sheet, 'hardware.nodes', workers, some);
    return;
  }
  imply(sheet, 'hardware.nodes', known.value + 1, workers.span, 'These are the workers and their master.');
}
