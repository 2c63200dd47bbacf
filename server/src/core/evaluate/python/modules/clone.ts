import type { ObjectValue, Store, Value } from '../../value.ts';

/** Objects copied at once. */
const maximumCopies = 5000;

/**
 * A copy with parts of its own; undefined where there are too many. `owns` says which objects belong to it: the others stay
 * shared. References from one part to another (tied weights) point to the copies, which carry `serial` where it is given.
 */
export function cloneModule(
  value: ObjectValue,
  owns: (one: ObjectValue) => boolean,
  serial?: number,
): ObjectValue | undefined {
  const copies = new Map<Store, Store>();
  let tooMany = false;
  const copyObject = (one: ObjectValue): ObjectValue => {
    if (!owns(one)) return one;
    const known = copies.get(one.fields);
    const number = serial === undefined ? one.serial : serial;
    const made = (fields: Store): ObjectValue =>
      number === undefined ? { ...one, fields } : { ...one, fields, serial: number };
    if (known) return made(known);
    tooMany ||= copies.size >= maximumCopies;
    if (tooMany) return one;
    const fields: Store = new Map();
    copies.set(one.fields, fields);
    for (const [name, part] of one.fields) fields.set(name, copyValue(part));
    return made(fields);
  };
  const copyValue = (one: Value): Value => {
    if (one.kind === 'object') return copyObject(one);
    if (one.kind === 'reference' && one.owner?.kind === 'object') {
      const owner = copyObject(one.owner);
      return owner === one.owner ? one : { ...one, owner };
    }
    if ((one.kind === 'list' || one.kind === 'dict') && [...one.store.values()].some(holdsObject)) {
      const store: Store = new Map();
      for (const [name, part] of one.store) store.set(name, copyValue(part));
      return { ...one, store };
    }
    return one;
  };
  const made = copyObject(value);
  return tooMany ? undefined : made;
}

function holdsObject(value: Value): boolean {
  return value.kind === 'object' || value.kind === 'list' || value.kind === 'dict';
}
