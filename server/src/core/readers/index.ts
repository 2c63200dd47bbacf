import type { Reader } from './reader.ts';

/** Every reader of the room, in the order of their names. Made by `npm run generate`. */
export const readers: readonly Reader[] = [];
