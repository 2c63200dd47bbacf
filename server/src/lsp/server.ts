export type { Host } from '#core/host.ts';
