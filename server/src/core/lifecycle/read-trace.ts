import type { SpotTrace } from './trace.ts';

/** A trace, or why the text is none. */
export type TraceText = { readonly trace: SpotTrace } | { readonly reason: string };

/** Seconds of a tick where rows come at times of their own. */
const ownTick = 60;
/** Ticks beyond which a trace is no trace of a job's life: ten years of minutes. */
const mostTicks = 5_300_000;

/**
 * Reads a trace of capacity from text. Two forms: a table with the header `time,available` (ISO 8601 or seconds; each row
 * holds until the next, the last only ends the record), and JSON with `gap_seconds` and counts, as the published traces of
 * skypilot-org/spot-traces have it (`metadata.gap_seconds`, `data`). Larger counts mean more instances at hand.
 */
export function readTrace(text: string, name: string): TraceText {
  return /^\s*[{[]/.test(text) ? readTicks(text, name) : readTable(text, name);
}

function readTicks(text: string, name: string): TraceText {
  const value = parsed(text);
  if (!isRecord(value)) return { reason: 'it is no JSON object' };
  const metadata = isRecord(value['metadata']) ? value['metadata'] : value;
  const tick = metadata['gap_seconds'];
  const counts = value['data'] ?? value['available'];
  if (typeof tick !== 'number' || !(tick > 0)) return { reason: 'it states no gap_seconds' };
  if (!Array.isArray(counts) || counts.length === 0) return { reason: 'it has no list of counts (data)' };
  if (counts.length > mostTicks) return { reason: 'it is too long' };
  const available = counts.map((one: unknown) => (typeof one === 'boolean' ? Number(one) : one));
  if (!available.every(isCount)) return { reason: 'its counts are not all whole numbers of instances' };
  return { trace: { name, tick, available } };
}

function readTable(text: string, name: string): TraceText {
  const [header, ...lines] = text.split(/\r?\n/).filter((line) => line.trim() !== '' && !line.startsWith('#'));
  if (!/^\s*time\s*,\s*available\s*$/i.test(header ?? '')) return { reason: 'its header is not time,available' };
  const rows: { at: number; count: number }[] = [];
  for (const [index, line] of lines.entries()) {
    const [when, count] = line.split(',').map((cell) => cell.trim());
    const at = secondsOf(when ?? '');
    const number = Number(count);
    const before = rows.at(-1);
    if (at === undefined || count === undefined || count === '' || !isCount(number))
      return { reason: `row ${index + 1} is no time and count` };
    if (before && at <= before.at) return { reason: `row ${index + 1} is not later than the row before` };
    rows.push({ at, count: number });
  }
  const [first, last] = [rows[0], rows.at(-1)];
  if (!first || !last || rows.length < 2) return { reason: 'it has fewer than two rows' };
  const ticks = Math.round((last.at - first.at) / ownTick);
  if (ticks < 1 || ticks > mostTicks) return { reason: 'it is shorter than a minute or longer than ten years' };
  const available: number[] = [];
  let row = 0;
  for (let tick = 0; tick < ticks; tick += 1) {
    const now = first.at + tick * ownTick;
    while ((rows[row + 1]?.at ?? Number.POSITIVE_INFINITY) <= now) row += 1;
    available.push(rows[row]?.count ?? 0);
  }
  return { trace: { name, tick: ownTick, available } };
}

function secondsOf(text: string): number | undefined {
  if (/^\d+(?:\.\d+)?$/.test(text)) return Number(text);
  const time = Date.parse(text);
  return Number.isFinite(time) ? time / 1000 : undefined;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
