declare const unit: unique symbol;

/** A number with its unit in the type; two units cannot be mixed by accident. */
export type Quantity<U extends string> = number & { readonly [unit]: U };

/** Bytes in memory or on disk; shown as GiB for device memory, decimal GB for disks and traffic. */
export type Bytes = Quantity<'bytes'>;
/** Floating-point operations (a multiply-add counts two). */
export type Flops = Quantity<'flops'>;
/** Seconds of wall clock. */
export type Seconds = Quantity<'seconds'>;
/** Accelerator-hours: wall clock hours times accelerators held. */
export type GpuHours = Quantity<'gpu-hours'>;
/** Kilowatt-hours at the facility's meter. */
export type KilowattHours = Quantity<'kWh'>;
/** Grams of CO2 equivalent. */
export type GramsCo2e = Quantity<'gCO2e'>;

export const bytes = (value: number): Bytes => value as Bytes;
export const flops = (value: number): Flops => value as Flops;
export const seconds = (value: number): Seconds => value as Seconds;
export const gpuHours = (value: number): GpuHours => value as GpuHours;
export const kilowattHours = (value: number): KilowattHours => value as KilowattHours;
export const gramsCo2e = (value: number): GramsCo2e => value as GramsCo2e;

/** Bytes in one GiB, the unit of device memory. */
export const bytesPerGiB = 2 ** 30;
/** Bytes in one decimal GB, the unit of disks and traffic. */
export const bytesPerGB = 1e9;
/** Hours of an average month, the convention of cloud price lists (8,760 / 12). */
export const hoursPerMonth = 730;
