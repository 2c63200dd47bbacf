/** The maker of the devices that an extended resource counts (`nvidia.com/gpu`); undefined for any other resource. */
export function vendorOfResource(resource: string): 'nvidia' | 'amd' | 'intel' | 'google' | 'aws' | undefined {
  if (/^nvidia\.com\/(?:gpu|mig-|pgpu)/.test(resource)) return 'nvidia';
  if (resource === 'amd.com/gpu') return 'amd';
  if (/^(?:habana\.ai\/gaudi|gpu\.intel\.com\/)/.test(resource)) return 'intel';
  if (resource === 'google.com/tpu' || /^cloud-tpus\.google\.com\//.test(resource)) return 'google';
  if (/^aws\.amazon\.com\/neuron(?:device)?$/.test(resource)) return 'aws';
  return undefined;
}
