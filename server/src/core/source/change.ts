/** The one stretch in which two texts differ: offsets of the first text, and how far all behind it moves. */
export interface Change {
  readonly start: number;
  readonly end: number;
  readonly shift: number;
}

/** Stretches of this length are compared at once. */
const stride = 1024;

/** What has changed from one text to the next, as one stretch. Nowhere: an empty stretch at the end. */
export function differ(before: string, after: string): Change {
  const limit = Math.min(before.length, after.length);
  let head = 0;
  while (head + stride <= limit && before.slice(head, head + stride) === after.slice(head, head + stride))
    head += stride;
  while (head < limit && before.charCodeAt(head) === after.charCodeAt(head)) head += 1;
  const most = limit - head;
  const [a, b] = [before.length, after.length];
  let tail = 0;
  while (
    tail + stride <= most &&
    before.slice(a - tail - stride, a - tail) === after.slice(b - tail - stride, b - tail)
  )
    tail += stride;
  while (tail < most && before.charCodeAt(a - 1 - tail) === after.charCodeAt(b - 1 - tail)) tail += 1;
  return { start: head, end: a - tail, shift: b - a };
}
