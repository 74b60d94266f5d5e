/** Whether a code for the phone is the terminal's own: read as a phone reads it, checked by the terminal's program. */
import { execFile } from 'node:child_process';
import jsqr from 'jsqr';
import { z } from 'zod';
import { PROGRAMS } from '../demo/programs.js';

const pictureSchema = z.object({ size: z.int().min(21).max(177), path: z.string() });

const CHECK_TIMEOUT_MS = 20_000;
/** Pixels of a module; the reader wants a few. */
const SCALE = 4;
/** ISO/IEC 18004 asks for four modules of quiet zone. */
const QUIET = 4;
const RUN = /M(\d+) (\d+)h(\d+)v1h-\d+z/g;

/** Codes are checked by a program, and the same one need not be checked twice. */
export class CodeCheck {
  readonly #known = new Map<string, Promise<boolean>>();

  /** @param config the terminal's configuration. */
  verifies(code: string, config: string): Promise<boolean> {
    const key = `${config} ${code}`;
    const known = this.#known.get(key) ?? runCheck(code, config);
    this.#known.set(key, known);
    return known;
  }
}

function runCheck(code: string, config: string): Promise<boolean> {
  const [program, ...first] = PROGRAMS.terminal;
  return new Promise((resolve) => {
    execFile(
      program,
      [...first, 'code', code, '--config', config],
      { timeout: CHECK_TIMEOUT_MS, env: { ...process.env, PJQ_NODE: process.execPath } },
      (error) => resolve(error === null),
    );
  });
}

/** What the code on the citizen's screen says, read from its picture; `undefined` when it cannot be read. */
export function readPicture(picture: unknown): string | undefined {
  const parsed = pictureSchema.safeParse(picture);
  if (!parsed.success) return undefined;
  const { size, path } = parsed.data;
  const side = (size + 2 * QUIET) * SCALE;
  const pixels = new Uint8ClampedArray(side * side * 4).fill(255);
  for (const [, x, y, run] of path.matchAll(RUN)) darken(pixels, side, Number(x), Number(y), Number(run));
  return jsqr.default(pixels, side, side)?.data;
}

function darken(pixels: Uint8ClampedArray, side: number, x: number, y: number, run: number): void {
  const left = (x + QUIET) * SCALE;
  const top = (y + QUIET) * SCALE;
  for (let row = top; row < top + SCALE; row += 1) {
    for (let column = left; column < left + run * SCALE; column += 1)
      pixels.fill(0, (row * side + column) * 4, (row * side + column) * 4 + 3);
  }
}

/** What the code on a slip says; `undefined` when the slip has none. */
export function codeOnSlip(text: string): string | undefined {
  return /\[QR ([^\]]+)\]/.exec(text)?.[1];
}
