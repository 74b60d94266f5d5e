/** Arduino Uno with StandardFirmata: five keys to ground on D2 to D6 (1 on D2, 5 on D6), lamps on D8 to D10. */
import type { BoardProfileInput } from './board-profile.js';

export const UNO_FIVE_KEYS = {
  name: 'uno-five-keys',
  description: 'Arduino Uno, StandardFirmata, five keys to ground, three lamps',
  transport: { serialBaud: 57_600 },
  keys: [
    { level: 1, pin: 2, activeLevel: 'low', pullUp: true },
    { level: 2, pin: 3, activeLevel: 'low', pullUp: true },
    { level: 3, pin: 4, activeLevel: 'low', pullUp: true },
    { level: 4, pin: 5, activeLevel: 'low', pullUp: true },
    { level: 5, pin: 6, activeLevel: 'low', pullUp: true },
  ],
  lamps: { idle: [], invited: [8], accepted: [9], fault: [10] },
  debounceMs: 7,
  chordWindowMs: 10,
  stuckMs: 30_000,
  armUpMs: 300,
} as const satisfies BoardProfileInput;
