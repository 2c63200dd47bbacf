import type { LifecycleSettings, Settings } from '../settings.ts';
import { bytesPerGB } from '../units/quantity.ts';
import type { Checked } from './check.ts';

/** What the project file says of interruptions and of the storage that checkpoints go to. */
export function lifecycleOf(root: Checked): Pick<Settings, 'lifecycle'> {
  const told = root.entries?.get('interruptions');
  const number = (key: string) => told?.entries?.get(key)?.number;
  const [hoursBetween, count, accelerators] = [number('hours_between'), number('count'), number('accelerators')];
  const clustering = number('clustering');
  const minutes = number('restart_minutes');
  const rate = root.entries?.get('checkpoint_storage')?.entries?.get('write_gb_per_second')?.number;
  const buckets = [...(root.entries?.get('buckets')?.entries ?? [])].map(([address, { entries }]) => {
    const [region, gigabytes] = [entries?.get('region')?.text, entries?.get('gb')?.number];
    const known = {
      ...(region !== undefined && { region }),
      ...(gigabytes !== undefined && { bytes: gigabytes * bytesPerGB }),
    };
    return [address, known] as const;
  });
  const lifecycle: LifecycleSettings = {
    ...(hoursBetween !== undefined && {
      interruptions: {
        hoursBetween,
        ...(count !== undefined && { count }),
        ...(clustering !== undefined && { clustering }),
        ...(accelerators !== undefined && { accelerators }),
        source: count === undefined ? 'flopwise.yaml' : `flopwise.yaml, ${count} counted`,
      },
    }),
    ...(minutes !== undefined && { restartSeconds: minutes * 60 }),
    ...(rate !== undefined && { writeRate: rate * bytesPerGB }),
    ...(buckets.length > 0 && { buckets: Object.fromEntries(buckets) }),
  };
  return Object.keys(lifecycle).length > 0 ? { lifecycle } : {};
}
