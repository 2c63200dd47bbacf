import type { FactValue } from '../../facts/vocabulary.ts';
import { at, type DataNode } from '../../syntax/data.ts';
import { spellAccelerator } from './accelerator-spelling.ts';
import { accelerator, choice, flag, words } from './form.ts';
import { allow } from './insert.ts';
import { putInstanceType } from './instances.ts';
import type { Lacks } from './lack.ts';
import { entriesAt, itemsAt, textAt } from './manifest.ts';
import { imply, put, type Sheet } from './sheet.ts';

/** Puts what a label of a node says, where it says something of accelerators, machine type or capacity. */
export function putLabel(sheet: Sheet, key: string, node: DataNode | undefined): void {
  if (/^(?:topology|failure-domain\.beta)\.kubernetes\.io\/(?:zone|region)$/.test(key)) {
    put(sheet, 'infra.region', node, words);
  } else if (/gke-tpu-topology$/.test(key)) {
    put(sheet, 'hardware.tpu_topology', node, words);
  } else if (/(?:^|\/)instance-type$|machine-family-type$/.test(key)) {
    putInstanceType(sheet, node);
  } else if (/gke-spot$|gke-preemptible$|capacity-spot$/.test(key)) {
    put(sheet, 'hardware.spot', node, flag);
  } else if (/gke-provisioning$/.test(key)) {
    put(sheet, 'hardware.spot', node, choice('spot', 'standard'));
  } else if (/capacity-?type$/i.test(key)) {
    put(sheet, 'hardware.spot', node, choice('spot', 'on-demand'));
  } else if (/scalesetpriority$/.test(key)) {
    put(sheet, 'hardware.spot', node, choice('spot', 'regular'));
  } else if (/accelerator|gpu[.-]?(?:product|name|model|type|class|family)|gpu\.nvidia\.com\/|^gpu$/i.test(key)) {
    if (!/count|memory|cuda|driver|present|partition|topology/i.test(key)) {
      const spelling = /product/.test(key) ? 'product' : /gpu-name$/.test(key) ? 'family' : 'label';
      put(sheet, 'hardware.accelerator', node, accelerator(spelling));
    }
  }
}

/** Walks `nodeSelector`, required node affinity and tolerations of a pod. */
export function putNodeChoice(sheet: Sheet, pod: DataNode | undefined): void {
  for (const { key, value } of entriesAt(pod, 'nodeSelector')) putLabel(sheet, key, value);
  const affinity = at(pod, 'affinity', 'nodeAffinity');
  const terms = [
    ...itemsAt(affinity, 'requiredDuringSchedulingIgnoredDuringExecution', 'nodeSelectorTerms'),
    ...itemsAt(affinity, 'preferredDuringSchedulingIgnoredDuringExecution').map((one) => at(one, 'preference')),
  ];
  for (const term of terms) if (term) putExpressions(sheet, term);
  putZones(sheet, itemsAt(affinity, 'requiredDuringSchedulingIgnoredDuringExecution', 'nodeSelectorTerms'));
}

const zoneKey = /^(?:topology|failure-domain\.beta)\.kubernetes\.io\/zone$/;

/** Puts the zones that required affinity leaves to the scheduler, where one term names several. */
function putZones(sheet: Sheet, terms: readonly DataNode[]): void {
  const [term, ...others] = terms;
  if (!term || others.length > 0) return;
  for (const expression of itemsAt(term, 'matchExpressions')) {
    const zones = itemsAt(expression, 'values').map((one) => textAt(one));
    if (!zoneKey.test(textAt(expression, 'key') ?? '') || textAt(expression, 'operator') !== 'In') continue;
    if (zones.length < 2 || !zones.every((one) => one !== undefined && /^[\w-]+$/.test(one))) continue;
    const list = at(expression, 'values');
    if (list)
      imply(
        sheet,
        'infra.zones',
        zones.filter((one) => one !== undefined),
        list.span,
        'Zones are chosen with the nodes.',
      );
  }
}

/** Puts what the expressions of one node selector term say. Several values leave the choice to the scheduler; one is a statement. */
export function putExpressions(sheet: Sheet, term: DataNode): void {
  for (const expression of itemsAt(term, 'matchExpressions')) {
    const key = textAt(expression, 'key');
    const values = itemsAt(expression, 'values');
    if (key !== undefined && textAt(expression, 'operator') === 'In' && values.length === 1) {
      putLabel(sheet, key, values[0]);
    }
  }
}

/** Lets device and capacity be chosen by a label of the cloud whose labels the pod names already. */
export function allowNodeLabels(sheet: Sheet, pod: DataNode | undefined): void {
  const selector = at(pod, 'nodeSelector');
  const keys = entriesAt(selector).map(({ key }) => key);
  const names = (cloud: RegExp) => keys.some((key) => cloud.test(key));
  if (names(/^cloud\.google\.com\//)) {
    allow(sheet, 'hardware.accelerator', selector, 'cloud.google.com/gke-accelerator', (value) =>
      spellAccelerator(String(value), 'label'),
    );
    allow(sheet, 'hardware.spot', selector, 'cloud.google.com/gke-spot', String, 'double');
  } else if (names(/^nvidia\.com\//)) {
    allow(sheet, 'hardware.accelerator', selector, 'nvidia.com/gpu.product', (value) =>
      spellAccelerator(String(value), 'product'),
    );
  } else if (names(/^karpenter\./)) {
    const word = (value: FactValue) => (value ? 'spot' : 'on-demand');
    allow(sheet, 'hardware.spot', selector, 'karpenter.sh/capacity-type', word);
  } else if (names(/^eks\.amazonaws\.com\/|^node\.kubernetes\.io\/instance-type$/)) {
    const word = (value: FactValue) => (value ? 'SPOT' : 'ON_DEMAND');
    allow(sheet, 'hardware.spot', selector, 'eks.amazonaws.com/capacityType', word);
  }
}

/** Why a pod without such labels cannot say more of its nodes. */
export const nodeLacks: Lacks = {
  'hardware.accelerator': 'Which GPU a node carries is told by labels of the cluster: name one in the node selector.',
  'hardware.spot': 'Which nodes are spot capacity is told by labels of the cluster: name one in the node selector.',
  'hardware.instance_type': 'A pod asks for devices; its machine type is told by labels of the cluster.',
};
