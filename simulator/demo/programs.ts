/** The compiled programs that make up a hall, beside this one. */
import { fileURLToPath } from 'node:url';

const compiled = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

export const PROGRAMS = {
  gateway: compiled('gateway/main.js'),
  operator: compiled('gateway/pjq.js'),
  terminal: compiled('device/main.js'),
  board: compiled('simulator/board/main.js'),
  centre: compiled('simulator/centre/main.js'),
} as const;
