import { likely } from '../workload/known.ts';
import { describeGain } from './advice/advise.ts';
import { trains } from './advice/known.ts';
import { factValueOf, found, isWorth, propose, statedPlace, weigh } from './propose.ts';
import type { Rule, RuleView } from './rule.ts';

/** Numbers of workers that are tried. */
const counts = [2, 4, 6, 8, 12, 16, 24, 32];
/** Images smaller than this are not decoded from photographs. */
const photograph = 160;

/** A device that waits for images because too few workers decode them. */
export const rule: Rule = {
  id: 'dataloader-starved',
  meta: {
    title: 'The device waits for data',
    severity: 'warning',
    tags: ['waste'],
    why: 'A core decodes and augments about a hundred photographs a second; a data-centre card trains on thousands. With no workers the training process itself decodes between two steps, and the card stands idle meanwhile. How many workers are enough follows from the rate of the card.',
    evidence:
      '100 to 150 images a core and second (JPEG at 224 pixels, torchvision or Pillow-SIMD); `DataLoader(num_workers=0)` loads in the main process. Reported only where the number of workers is known.',
    bad: 'DataLoader(train_set, batch_size=256, num_workers=0)',
    good: 'DataLoader(train_set, batch_size=256, num_workers=16)',
    threshold: { percent: 10, money: 1 },
  },
  check(view) {
    const { spec } = view;
    const workers = spec.data.workers && likely(spec.data.workers);
    if (spec.task !== 'vision' || workers === undefined || !trains(view) || !photographs(view)) return [];
    if (spec.schedule?.microBatch.kind !== 'exact') return [];
    const span = statedPlace(view, 'data.num_workers', 'training.per_device_batch_size');
    const most = coresOf(view);
    const tried = counts
      .filter((count) => count > workers && (most === undefined || count <= most))
      .map((count) => ({ count, weighed: weigh(view, [{ name: 'data.num_workers', value: count }]) }));
    const best = Math.min(0, ...tried.map(({ weighed }) => weighed.saving.timeShare ?? 0));
    const taken = tried.find(({ weighed }) => (weighed.saving.timeShare ?? 0) <= best + 0.01);
    if (!span || !taken || !isWorth(view, taken.weighed.saving)) return [];
    const proposed = propose(
      view,
      {
        title: `Load with ${taken.count} workers`,
        changes: [{ name: 'data.num_workers', value: taken.count }],
        safe: false,
        effect: 'other random augmentations',
      },
      taken.weighed,
    );
    const now = workers === 0 ? 'no workers' : `${workers} worker${workers === 1 ? '' : 's'}`;
    const message = `The device waits for data: with ${now} it decodes fewer images than it could train on. ${taken.count} workers: ${describeGain(taken.weighed.saving)}.`;
    return found(rule, span, message, [proposed]);
  },
};

/** True where the images are known to be as large as photographs are trained on. */
function photographs(view: RuleView): boolean {
  const size = view.spec.data.imageSize && likely(view.spec.data.imageSize);
  return size !== undefined ? size >= photograph : /imagenet|ilsvrc/i.test(factValueOf(view, 'data.dataset') ?? '');
}

/** Cores of one process, where the files ask for some or the machine is known. */
function coresOf(view: RuleView): number | undefined {
  const task = factValueOf(view, 'resources.cpus_per_task');
  if (task !== undefined) return task;
  const perNode = likely(view.spec.resources.perNode) ?? 1;
  const pod = factValueOf(view, 'resources.cpu_limit') ?? factValueOf(view, 'resources.cpu_request');
  if (pod !== undefined) return Math.floor(pod / perNode);
  const type = view.spec.resources.instanceType && likely(view.spec.resources.instanceType);
  const instance = type === undefined ? undefined : view.catalog.instance(type);
  return instance?.vcpus === undefined ? undefined : Math.floor(instance.vcpus / Math.max(1, instance.count));
}
