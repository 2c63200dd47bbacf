import { joinValues, type Store, type Value } from '../value.ts';

interface Write {
  readonly store: Store;
  readonly key: string;
  readonly before: Value | undefined;
}

/** What a branch left behind: the last value of each name it changed. */
export type Changes = ReadonlyMap<Store, ReadonlyMap<string, Value | undefined>>;

/** Every change of a name goes through here, so that a branch can be tried and taken back. */
export interface Journal {
  set(store: Store, key: string, value: Value | undefined): void;
  /** Runs a branch, takes its changes back and answers them. */
  attempt<T>(run: () => T): { readonly result: T; readonly changes: Changes };
  /** Makes the changes of one branch for good. */
  apply(changes: Changes): void;
  /** Makes the changes of two branches, one of which holds. */
  merge(a: Changes, b: Changes): void;
}

/** A journal with no branch open. */
export function createJournal(): Journal {
  let writes: Write[] | undefined;

  const put = (store: Store, key: string, value: Value | undefined) => {
    if (value === undefined) store.delete(key);
    else store.set(key, value);
  };

  const journal: Journal = {
    set(store, key, value) {
      writes?.push({ store, key, before: store.get(key) });
      put(store, key, value);
    },
    attempt(run) {
      const around = writes;
      const here: Write[] = [];
      writes = here;
      try {
        const result = run();
        const changes = new Map<Store, Map<string, Value | undefined>>();
        for (const { store, key } of here) {
          const of = changes.get(store) ?? new Map<string, Value | undefined>();
          of.set(key, store.get(key));
          changes.set(store, of);
        }
        return { result, changes };
      } finally {
        for (const { store, key, before } of here.toReversed()) put(store, key, before);
        writes = around;
      }
    },
    apply(changes) {
      for (const [store, of] of changes) for (const [key, value] of of) journal.set(store, key, value);
    },
    merge(a, b) {
      for (const store of new Set([...a.keys(), ...b.keys()])) {
        const keys = new Set([...(a.get(store)?.keys() ?? []), ...(b.get(store)?.keys() ?? [])]);
        for (const key of keys) {
          const before = store.get(key);
          const left = a.get(store)?.has(key) ? a.get(store)?.get(key) : before;
          const right = b.get(store)?.has(key) ? b.get(store)?.get(key) : before;
          const only = left ?? right;
          const joined = left && right ? joinValues(left, right) : only && onOneWay(only);
          if (joined !== before) journal.set(store, key, joined);
        }
      }
    },
  };
  return journal;
}

/** A value that a name has on one of two ways only. */
function onOneWay(value: Value): Value {
  return value.kind === 'object' || (value.kind === 'reference' && value.owner) ? { ...value, maybe: true } : value;
}
