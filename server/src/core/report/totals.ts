import type { Totals } from '../diff/totals.ts';
import { formatMoneyInterval, formatNumber } from '../units/format.ts';

/** "12 jobs: $4,100 (2,900-6,000) for the 9 whose cost is known, 1,240 GPU-h; 2 errors, 5 warnings". */
export function phraseTotals({ jobs, cost, costKnown, deviceHours, servingPerHour, findings }: Totals): string {
  const some = costKnown === jobs ? '' : ` for the ${costKnown} whose cost is known`;
  const figures = [
    cost ? `${formatMoneyInterval(cost)}${some}` : 'cost unknown',
    ...(servingPerHour ? [`serving ${formatMoneyInterval(servingPerHour)}/h`] : []),
    ...(deviceHours === undefined ? [] : [`${formatNumber(deviceHours)} GPU-h`]),
  ];
  const counted = [plural(findings.error, 'error'), plural(findings.warning, 'warning')].filter((one) => one !== '');
  return `${plural(jobs, 'job')}: ${figures.join(', ')}${counted.length > 0 ? `; ${counted.join(', ')}` : ''}`;
}

function plural(count: number, word: string): string {
  return count === 0 ? '' : `${count} ${word}${count === 1 ? '' : 's'}`;
}
