import type { RuleView, Saving } from '../rule.ts';

/** Less than this (decimal bytes) is no bill and no full disk. */
const worthSaying = 20e9;

/** True where a change frees as much storage as the rule's threshold asks: in per cent of what is kept, and in money a month where its price is known. */
export function freesEnough(view: RuleView, { storageBytes }: Saving): boolean {
  const { kept, perMonth } = view.estimate.storage ?? {};
  const freed = -(storageBytes?.likely ?? 0);
  if (!kept || freed < worthSaying) return false;
  const { percent = 0, money = 0 } = view.threshold ?? {};
  const share = freed / kept.likely;
  if (share * 100 < percent) return false;
  return !perMonth || (share * perMonth.micros.likely) / 1e6 >= money * (view.settings.exchangeRate ?? 1);
}
