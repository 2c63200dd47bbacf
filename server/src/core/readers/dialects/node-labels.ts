import { at, type DataNode } from '../../syntax/data.ts';
import { accelerator, choice, flag, words } from './form.ts';
import { putInstanceType } from './instances.ts';
import { entriesAt, itemsAt, textAt } from './manifest.ts';
import { put, type Sheet } from './sheet.ts';

/** Puts what a label of a node says, where it says something of accelerators, machine type or capacity. */
function putLabel(sheet: Sheet, key: string, node: DataNode | undefined): void {
  if (/gke-tpu-topology$/.test(key)) {
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
