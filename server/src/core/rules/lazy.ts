import { once } from '../source/once.ts';
import type { Finding } from './rule.ts';

/**
 * A finding whose fixes and refusals are worked out when they are first asked for: whoever types sees the message at once, and edits
 * are written for the menu alone. They are those of the texts that were analysed, whenever they are asked for.
 */
export function lazyFinding(
  base: Omit<Finding, 'fixes' | 'refusals'>,
  work: () => Pick<Finding, 'fixes' | 'refusals'>,
): Finding {
  const remedies = once(work);
  return {
    ...base,
    get fixes() {
      return remedies().fixes;
    },
    get refusals() {
      return remedies().refusals;
    },
  };
}

/** The finding with other words or another place; its fixes stay unasked. */
export function changeFinding(finding: Finding, change: Partial<Omit<Finding, 'fixes' | 'refusals'>>): Finding {
  const { ruleId, severity, span, message, saving, related } = finding;
  const base = { ruleId, severity, span, message, related, ...(saving === undefined ? {} : { saving }), ...change };
  return lazyFinding(base, () => finding);
}
