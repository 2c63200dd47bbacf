/** Quantities with units as schedulers and manifests write them. */

const perUnit: Readonly<Record<string, number>> = { d: 24, h: 1, m: 1 / 60, s: 1 / 3600, w: 168 };

const unitLetter = (unit: string): string => {
  const word = unit.toLowerCase();
  if (word.startsWith('w')) return 'w';
  if (word.startsWith('d')) return 'd';
  if (word.startsWith('h')) return 'h';
  return word.startsWith('m') ? 'm' : 's';
};

/**
 * Hours of a duration: `4h`, `1h30m`, `90 minutes`, `2d`, `PT4H`, `hh:mm:ss`, `d-hh:mm:ss`.
 * A bare number is taken in `unit` (seconds where not given). Undefined for what is no duration.
 */
export function toHours(value: string | number, unit: 's' | 'm' | 'h' | 'd' = 's'): number | undefined {
  const word = String(value).trim();
  if (/^\d[\d_]*(?:\.\d+)?$/.test(word)) return Number(word.replaceAll('_', '')) * (perUnit[unit] ?? 0);
  const clock = /^(?:(\d+)-)?(\d+):(\d{1,2}):(\d{1,2})$/.exec(word);
  if (clock) {
    const [days, hours, minutes, seconds] = clock.slice(1).map((part) => Number(part ?? 0));
    return (days ?? 0) * 24 + (hours ?? 0) + (minutes ?? 0) / 60 + (seconds ?? 0) / 3600;
  }
  const parts = [
    ...word
      .replace(/^P(\d+D)?T?/i, '$1')
      .matchAll(
        /(\d+(?:\.\d+)?)\s*(weeks?|w|days?|d|hours?|hrs?|hr|h|minutes?|mins?|min|m|seconds?|secs?|sec|s)(?![a-z])/gi,
      ),
  ];
  const read = parts.map((part) => part[0]).join('');
  if (
    parts.length === 0 ||
    read.replace(/\s/g, '').length !== word.replace(/^P(\d+D)?T?/i, '$1').replace(/\s/g, '').length
  ) {
    const joined = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/i.exec(word.replace(/^PT?/i, ''));
    if (!joined || joined.slice(1).every((part) => part === undefined)) return undefined;
    return Number(joined[1] ?? 0) + Number(joined[2] ?? 0) / 60 + Number(joined[3] ?? 0) / 3600;
  }
  return parts.reduce((sum, part) => sum + Number(part[1]) * (perUnit[unitLetter(part[2] ?? '')] ?? 0), 0);
}

/** Hours of a Slurm time limit: minutes, mm:ss, hh:mm:ss, d-hh, d-hh:mm, d-hh:mm:ss. */
export function toSlurmHours(value: string | number): number | undefined {
  const found = /^(?:(\d+)-)?(\d+)(?::(\d+))?(?::(\d+))?$/.exec(String(value).trim());
  if (!found) return undefined;
  const [days, first, second, third] = found.slice(1).map((part) => (part === undefined ? undefined : Number(part)));
  if (days !== undefined) return days * 24 + (first ?? 0) + (second ?? 0) / 60 + (third ?? 0) / 3600;
  if (third !== undefined) return (first ?? 0) + (second ?? 0) / 60 + third / 3600;
  return (first ?? 0) / 60 + (second ?? 0) / 3600;
}

const binary: Readonly<Record<string, number>> = {
  '': 2 ** -30,
  k: 2 ** -20,
  m: 2 ** -10,
  g: 1,
  t: 2 ** 10,
  p: 2 ** 20,
};

/**
 * GiB of a memory quantity: `200Mi`, `16Gi`, `16G`, `64GB`, `1Ti`. A plain G or GB is taken as written;
 * a bare number counts in `bare` units (bytes as in Kubernetes where not given).
 */
export function toGib(value: string | number, bare: '' | 'k' | 'm' | 'g' = ''): number | undefined {
  const found = /^(\d+(?:\.\d+)?(?:e\d+)?)\s*([kmgtp]?)(i?b?)$/i.exec(String(value).trim());
  if (!found) return undefined;
  const unit = found[2] === '' && found[3] === '' ? bare : (found[2] ?? '').toLowerCase();
  return Number(found[1]) * (binary[unit] ?? 1);
}

/** A count of CPUs: `8`, `100m`, `"4"`, `8+`. */
export function toCpus(value: string | number): number | undefined {
  const found = /^(\d+(?:\.\d+)?)(m?)\+?$/.exec(String(value).trim());
  return found ? Number(found[1]) / (found[2] === 'm' ? 1000 : 1) : undefined;
}
