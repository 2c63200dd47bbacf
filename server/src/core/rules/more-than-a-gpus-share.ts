import type { FactName } from '../facts/vocabulary.ts';
import { formatCount } from '../units/format.ts';
import { cardOf } from './advice/cards.ts';
import { found, type Proposed, propose, statedPlace, statedValue } from './propose.ts';
import type { Finding, Rule, RuleView } from './rule.ts';

/** Requests this much above the share leave a GPU without cores; less is rounding and system daemons. */
const worthSaying = 1.25;

/** A pod that takes more of its machine's cores or memory than of its GPUs. */
export const rule: Rule = {
  id: 'more-than-a-gpus-share',
  meta: {
    title: 'More CPU or memory than a GPU’s share',
    severity: 'information',
    tags: ['money', 'waste'],
    why: 'A pod is placed where its cores and its memory are free, not its GPUs alone. One that asks for more of a machine’s cores than of its GPUs leaves GPUs behind that no other pod can be given, and they are billed with the machine.',
    evidence:
      'Cores and memory of machine types: pricing-data/instances.json. Reported only where the machine type is named, or where no machine with the card has so much for each GPU.',
    bad: 'resources:\n  requests: {cpu: 96, memory: 1000Gi, nvidia.com/gpu: 2}   # of 8, 192 cores, 2 TiB',
    good: 'resources:\n  requests: {cpu: 44, memory: 480Gi, nvidia.com/gpu: 2}',
  },
  check(view) {
    return [
      ...checkOne(view, 'resources.cpu_request', 'cores', (share) => Math.floor(share)),
      ...checkOne(view, 'resources.memory_request_gib', 'GiB of memory', (share) => Math.floor(share)),
    ];
  },
};

function checkOne(
  view: RuleView,
  name: Extract<FactName, 'resources.cpu_request' | 'resources.memory_request_gib'>,
  words: string,
  round: (share: number) => number,
): readonly Finding[] {
  const asked = statedValue(view, name);
  const gpus = statedValue(view, 'hardware.gpus_per_node');
  const span = statedPlace(view, name);
  if (asked === undefined || gpus === undefined || gpus < 1 || !span) return [];
  const machine = largestShare(view, gpus, name === 'resources.cpu_request');
  if (!machine || asked < worthSaying * machine.share * gpus) return [];
  const own = Math.max(1, round(machine.share * gpus));
  const lost = Math.min(machine.count - gpus, Math.floor(asked / machine.share) - gpus);
  if (lost < 1) return [];
  const proposed: Proposed = propose(view, {
    title: `Ask for ${formatCount(own)} ${words}`,
    changes: [{ name, value: own }],
    safe: false,
    effect: 'less for the loader',
  });
  const message = `Asks for ${formatCount(asked)} ${words} with ${gpus} of ${machine.count} GPUs of ${machine.type}: ${lost} GPU${lost === 1 ? '' : 's'} of the machine are left without.`;
  return found(rule, span, message, [proposed]);
}

interface Share {
  readonly type: string;
  readonly count: number;
  /** Cores or GiB for one GPU. */
  readonly share: number;
}

/** The named machine's share for one GPU, else the largest that any machine with the card gives. */
function largestShare({ catalog, ...view }: RuleView, gpus: number, cores: boolean): Share | undefined {
  const type = statedValue({ catalog, ...view }, 'hardware.instance_type');
  const named = type === undefined ? undefined : catalog.instance(type);
  const card = cardOf({ catalog, ...view });
  const machines = named
    ? [named]
    : type === undefined && card
      ? catalog.instances.filter((one) => one.accelerator === card.name && one.count > gpus)
      : [];
  const shares = machines.flatMap((one): readonly Share[] => {
    const amount = cores ? one.vcpus : one.memoryGiB;
    return amount === undefined || one.count <= gpus
      ? []
      : [{ type: one.type, count: one.count, share: amount / one.count }];
  });
  return shares.reduce<Share | undefined>((a, b) => (a && a.share >= b.share ? a : b), undefined);
}
