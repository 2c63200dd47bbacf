import type { Accelerator } from '../catalog/accelerator.ts';
import { type Bytes, bytes } from '../units/quantity.ts';

/** Share of the nominal size that drivers leave to programs where no table says: 79.2 of 80, 23.65 of 24, 14.74 of 15 GiB. */
const visibleShare = 0.985;

/** Bytes of a device that a process can allocate: what the driver reports as its total, not the size that the card is sold by. */
export function capacityOf(accelerator: Accelerator): Bytes {
  return accelerator.usableMemory ?? bytes(accelerator.memory * visibleShare);
}
