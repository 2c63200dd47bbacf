import type { SpecChange } from '../readers/reader.ts';
import { formatCount, formatDisk } from '../units/format.ts';
import { found, type Proposal, propose, statedPlace, statedValue } from './propose.ts';
import type { Rule } from './rule.ts';

/** Bytes of a file's G unit at the most: formats mean GB or GiB, and the larger one must overflow too. */
const gigabyte = 2 ** 30;
/** Room beside checkpoints for the image, data and logs. */
const spare = 1.25;

/** A run whose checkpoints do not fit the disk that its job asks for. */
export const rule: Rule = {
  id: 'checkpoints-bigger-than-disk',
  meta: {
    title: 'Checkpoints overflow the disk',
    severity: 'warning',
    tags: ['storage'],
    why: 'A save that meets a full disk stops the run, hours after it was started, and may leave the newest checkpoint cut off.',
    evidence:
      'Bytes of a save by format and optimizer: docs/estimator.md. Reported only where the low end of the estimate is more than the whole disk.',
    bad: 'disk_size: 100                 # saves of 48 GB each, all kept',
    good: 'disk_size: 100\nsave_total_limit: 1',
  },
  check(view) {
    const disk = statedValue(view, 'resources.disk_gb');
    const { storage } = view.estimate;
    const held = storage?.kept ?? storage?.perSave;
    if (disk === undefined || !storage || !held || held.low <= disk * gigabyte) return [];
    const span = statedPlace(view, 'resources.disk_gb');
    if (!span) return [];
    const fit = Math.floor((disk * gigabyte) / spare / storage.perSave.high);
    const larger = Math.ceil((held.high * spare) / 1e9 / 100) * 100;
    const fewer: readonly SpecChange[] = [{ name: 'checkpoint.save_total_limit', value: fit }];
    const disks: readonly SpecChange[] = [{ name: 'resources.disk_gb', value: larger }];
    const proposals: readonly Proposal[] = [
      ...(fit >= 1
        ? [
            {
              title: fit === 1 ? 'Keep the last checkpoint' : `Keep the last ${fit} checkpoints`,
              changes: fewer,
              safe: true,
            },
          ]
        : []),
      { title: `Ask for ${formatCount(larger)} GB`, changes: disks, safe: false, effect: 'changes hardware' },
    ];
    const saves = storage.kept && storage.saves ? `${formatCount(storage.saves.likely)} checkpoints` : 'One checkpoint';
    const message = `The disk is too small: ${saves} take ${formatDisk(held.likely)}, the disk has ${formatCount(disk)} GB.`;
    return found(
      rule,
      span,
      message,
      proposals.map((one) => propose(view, one)),
    );
  },
};
