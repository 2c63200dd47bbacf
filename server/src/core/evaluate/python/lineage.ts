import type { ClassValue, Value } from '../value.ts';

/** A member of a class or of a class of the program that it extends. */
export function classMember(holder: ClassValue, name: string): Value | undefined {
  for (const one of lineage(holder)) {
    const found = one.members.get(name);
    if (found) return found;
  }
  return undefined;
}

/** A class and those classes of the program that it extends, nearest first. */
export function lineage(holder: ClassValue): readonly ClassValue[] {
  const found: ClassValue[] = [];
  const queue: Value[] = [holder];
  for (let one = queue.shift(); one && found.length < 16; one = queue.shift()) {
    if (one.kind !== 'class' || found.includes(one)) continue;
    found.push(one);
    queue.push(...one.bases);
  }
  return found;
}

/** Dotted paths of the library classes that a class extends, nearest first. */
export function libraryBases(holder: ClassValue): readonly string[] {
  return lineage(holder).flatMap((one) => one.bases.flatMap((base) => (base.kind === 'reference' ? [base.path] : [])));
}
