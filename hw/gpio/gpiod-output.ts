/** What the tools of libgpiod print, read strictly: a line that is not wholly as expected is none. Pure. */
import { EVENT_WORD, type GpiodSyntax } from './gpiod-commands.js';

export interface LineEdge {
  readonly line: number;
  readonly high: boolean;
  /** When the kernel saw it, on a clock of its own, ms. */
  readonly kernelMs: number;
}

const EVENT: Readonly<Record<GpiodSyntax, RegExp>> = {
  // %o %e %s %n: 1 rises, 0 falls; the nanoseconds are not padded.
  v1: new RegExp(`^${EVENT_WORD} (\\d{1,4}) ([01]) (\\d{1,12}) (\\d{1,9})$`),
  // %o %e %S: 1 rises, 2 falls; seconds with nine digits behind the point.
  v2: new RegExp(`^${EVENT_WORD} (\\d{1,4}) ([12]) (\\d{1,12})\\.(\\d{9})$`),
};

/** One line of gpiomon; `null`: it is no event. */
export function parseEdge(syntax: GpiodSyntax, text: string): LineEdge | null {
  const parts = EVENT[syntax].exec(text);
  if (!parts) return null;
  const [, line, kind, seconds, nanoseconds] = parts;
  return {
    line: Number(line),
    high: kind === '1',
    kernelMs: Number(seconds) * 1_000 + Number(nanoseconds) / 1_000_000,
  };
}

/** Whether it is the banner of version 2: the lines are watched, or held, from now on. */
export function isBanner(text: string): boolean {
  return /^(Monitoring|Setting) lines? '/.test(text);
}

/** What gpioget printed for so many lines, in their order; `null`: it is something else. */
export function parseValues(text: string, total: number): readonly boolean[] | null {
  const words = text.trim().split(/ +/);
  if (words.length !== total || !words.every((word) => word === '0' || word === '1')) return null;
  return words.map((word) => word === '1');
}

/** The lines that gpioinfo of version 1 shows as held by a gpiomon: `line  17: "GPIO17" "gpiomon" input … [used]`. */
export function linesOfGpiomon(text: string): readonly number[] {
  return text.split('\n').flatMap((row) => {
    const line = /^\s*line\s+(\d{1,4}):.*\s"gpiomon"\s+input\s.*\[used/.exec(row)?.[1];
    return line === undefined ? [] : [Number(line)];
  });
}
