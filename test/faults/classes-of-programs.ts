/** Classes of the programs, their disks and clocks: the first half of the short set, which runs beside the other. */
export const CLASSES: readonly string[] = [
  'device-kill',
  'gateway-kill',
  'centre-kill',
  'broker-kill',
  'write-faults',
  'power-cut',
  'corruption-terminal',
  'corruption-gateway',
  'full-disk',
  'read-only-disk',
  'clock-steps',
];
