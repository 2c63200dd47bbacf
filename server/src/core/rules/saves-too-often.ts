import type { SpecChange } from '../readers/reader.ts';
import { describeGain } from './advice/advise.ts';
import { bandOf, phraseBand } from './advice/band.ts';
import { isDecided } from './advice/known.ts';
import { mildestEnough } from './advice/rarer.ts';
import { found, isWorth, propose, statedPlace, statedValue } from './propose.ts';
import type { Rule } from './rule.ts';

/** Factors on the interval that are tried. */
const factors = [2, 5, 10, 20, 50, 100];
/** Saves that a run keeps at least. */
const fewest = 3;

/** Checkpoints so close together that writing them takes a good part of the run. */
export const rule: Rule = {
  id: 'saves-too-often',
  meta: {
    title: 'Saves too often',
    severity: 'information',
    tags: ['waste', 'storage'],
    why: 'A save stops all devices until weights and optimizer states are written. What a checkpoint saves is work since the last one; on machines that run for weeks undisturbed, minutes of work are worth less than the stall.',
    evidence:
      'Bytes of a save at a gigabyte a second and node: docs/estimator-time.md. Daly 2006: the interval that loses least grows with the root of the time between failures.',
    bad: 'save_steps: 20     # a step of a second, a save of 48 GB',
    good: 'save_steps: 400',
    threshold: { percent: 5, money: 1 },
  },
  check(view) {
    const every = statedValue(view, 'checkpoint.save_steps');
    const saves = view.estimate.storage?.saves?.likely;
    if (every === undefined || every < 1 || !saves || !isDecided(view) || !view.estimate.time?.run) return [];
    const band = bandOf(view);
    if (band && every >= band.from) return [];
    // Beyond the band what is done again costs more than the stalls that are spared.
    const changes = factors
      .filter((by) => saves / by >= fewest && (!band || every * by <= band.to))
      .map((by): SpecChange => ({ name: 'checkpoint.save_steps', value: every * by }));
    const taken = mildestEnough(view, changes, { name: 'checkpoint.save_steps', value: Number.MAX_SAFE_INTEGER });
    const span = statedPlace(view, 'checkpoint.save_steps');
    if (!span || !taken || !isWorth(view, taken.weighed.saving)) return [];
    const steps = String(taken.change.value);
    const proposed = propose(
      view,
      { title: `Save every ${steps} steps`, changes: [taken.change], safe: true },
      taken.weighed,
    );
    const message = `Saves every ${every} steps: every ${steps} take ${describeGain(taken.weighed.saving)}.${phraseBand(band)}`;
    return found(rule, span, message, [proposed]);
  },
};
