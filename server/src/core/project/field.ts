/** What a key of the project file may hold; one table serves reading, errors, completion, hover and the JSON schema. */
export type Field =
  | {
      readonly kind: 'text';
      readonly doc: string;
      readonly choices?: readonly string[];
      readonly example?: string;
      readonly names?: Names;
    }
  | {
      readonly kind: 'number';
      readonly doc: string;
      /** The value must be greater. */
      readonly above: number;
      readonly most?: number;
      readonly whole?: boolean;
    }
  | { readonly kind: 'date'; readonly doc: string }
  | MapField
  | {
      readonly kind: 'table';
      readonly doc: string;
      readonly keys: string;
      readonly names?: Names;
      readonly value: Field;
    }
  | { readonly kind: 'list'; readonly doc: string; readonly item: Field };

/** What a text or an open key names, so that the tables can suggest it. */
export type Names = 'accelerator' | 'cloud' | 'region' | 'instance' | 'currency' | 'rule';

/** A mapping with known keys. */
export interface MapField {
  readonly kind: 'map';
  readonly doc: string;
  readonly fields: Readonly<Record<string, Field>>;
  readonly required?: readonly string[];
}

/** The field under a path of keys; list positions are passed as any text. Undefined where the table has no such key. */
export function fieldAt(root: Field, path: readonly string[]): Field | undefined {
  let here: Field | undefined = root;
  for (const step of path) {
    if (here?.kind === 'map') here = here.fields[step];
    else if (here?.kind === 'table') here = here.value;
    else if (here?.kind === 'list') here = here.item;
    else return undefined;
  }
  return here;
}
