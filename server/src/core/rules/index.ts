import type { Rule } from './rule.ts';

/** Every rule of the room, in the order of their names. Made by `npm run generate`. */
export const rules: readonly Rule[] = [];
