import type { SyntaxNode } from '../../../syntax/tree.ts';
import type { Arguments, ObjectValue } from '../../value.ts';
import { type Frame, type Machine, spanAt } from '../machine.ts';
import { fillContainer } from './container.ts';
import { isContainer } from './kinds.ts';
import { layerOf } from './layers.ts';

/** Remembers with what a module of the program makes the library's layer that it extends (`super().__init__(8, 16)`). */
export function initializeBase(
  machine: Machine,
  self: ObjectValue,
  base: string,
  given: Arguments,
  node: SyntaxNode,
  frame: Frame,
): void {
  if (isContainer(base)) fillContainer(machine, self, base, given);
  else if (layerOf(base)) {
    const at = spanAt(node, frame);
    const call = {
      ...given,
      path: base,
      name: base,
      at,
      list: at,
      result: self,
      uncertain: machine.uncertain > 0,
      reached: machine.reached,
      loops: machine.looping,
      within: '',
    };
    machine.journal.set(self.fields, '@base', { kind: 'object', path: base, fields: new Map(), call, at });
  }
}
