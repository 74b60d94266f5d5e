/** The programs that make up a hall, as commands: what is run, and with which first arguments. */
import { fileURLToPath } from 'node:url';

export type Command = readonly [program: string, ...args: string[]];

const beside = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const compiled = (path: string): Command => [process.execPath, beside(path)];

export const PROGRAMS = {
  gateway: compiled('gateway/main.js'),
  operator: compiled('gateway/pjq.js'),
  /** By its launcher, which sets the memory of a small board and then becomes the program. */
  terminal: [beside('../device/pjq-device')],
  board: compiled('simulator/board/main.js'),
  keypad: compiled('simulator/keypad/main.js'),
  printer: compiled('simulator/printer/main.js'),
  centre: compiled('simulator/centre/main.js'),
} as const satisfies Record<string, Command>;
