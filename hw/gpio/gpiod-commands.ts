/**
 * How the command-line tools of libgpiod are called: version 1 (1.5 and later) and version 2 take other options,
 * so each job has one command line of each. Pure.
 *
 * Source: `--help` and manual pages of gpiod 1.6.3, 2.0, 2.1.2 and 2.2.1, and the tools' own source.
 */
export type GpiodSyntax = 'v1' | 'v2';

export type Bias = 'pull-up' | 'pull-down' | 'disabled';

/** The programs; absolute paths where they are not on the PATH. */
export interface GpiodTools {
  readonly gpiomon: string;
  readonly gpioset: string;
  readonly gpioget: string;
  readonly gpioinfo: string;
}

export const GPIOD_TOOLS: GpiodTools = {
  gpiomon: 'gpiomon',
  gpioset: 'gpioset',
  gpioget: 'gpioget',
  gpioinfo: 'gpioinfo',
};

/** Program and arguments. */
export type Command = readonly [program: string, ...arguments_: string[]];

/**
 * From what `gpiomon --version` prints: `gpiomon (libgpiod) v1.6.3`.
 * @returns the syntax, or why these tools do not serve.
 */
export function syntaxOf(versionText: string): GpiodSyntax | { readonly unfit: string } {
  const version = /\(libgpiod\) v(\d{1,3})\.(\d{1,3})/.exec(versionText.slice(0, 200));
  const major = Number(version?.[1]);
  if (major === 1 && Number(version?.[2]) >= 5) return 'v1';
  if (major === 2) return 'v2';
  if (version) return { unfit: `libgpiod ${version[1]}.${version[2]} is not known; 1.5 to 2.x serve` };
  return { unfit: 'gpiomon does not say its version' };
}

/** Prints the value of each line once, in the order asked. */
export function readCommand(syntax: GpiodSyntax, tools: GpiodTools, chip: string, bias: Bias, lines: Lines): Command {
  const offsets = lines.map(String);
  return syntax === 'v1'
    ? [tools.gpioget, biasOption(syntax, bias), chip, ...offsets]
    : [tools.gpioget, '--chip', chip, biasOption(syntax, bias), '--numeric', ...offsets];
}

/** Words that begin every event line, so that nothing else in the output passes for one. */
export const EVENT_WORD = 'pjq-edge';

/**
 * Prints a line for each edge until it is ended.
 * Version 1 keeps its output in blocks of 4 KiB when it goes to a pipe, unless told `--line-buffered`; version 2
 * flushes after each batch of events. Version 2 says by its banner that the lines are watched; version 1 is silent, so
 * `infoCommand` is asked.
 */
export function watchCommand(syntax: GpiodSyntax, tools: GpiodTools, chip: string, bias: Bias, lines: Lines): Command {
  const offsets = lines.map(String);
  return syntax === 'v1'
    ? [
        tools.gpiomon,
        '--line-buffered',
        biasOption(syntax, bias),
        `--format=${EVENT_WORD} %o %e %s %n`,
        chip,
        ...offsets,
      ]
    : [
        tools.gpiomon,
        '--banner',
        '--chip',
        chip,
        biasOption(syntax, bias),
        `--format=${EVENT_WORD} %o %e %S`,
        ...offsets,
      ];
}

/** Version 1: tells of every line of the chip who holds it. It asks for no line itself. */
export function infoCommand(tools: GpiodTools, chip: string): Command {
  return [tools.gpioinfo, chip];
}

/**
 * Sets lines and holds them until it is ended; what becomes of them afterwards is the kernel's affair.
 * Version 1 waits for ENTER (`--mode=wait`), so it also ends by itself when its input ends, with the program that
 * started it. Version 2 holds by itself. Its `--interactive` is not used: not every build has it, and at the end of
 * its input it reads on for ever.
 */
export function holdCommand(syntax: GpiodSyntax, tools: GpiodTools, chip: string, values: LineValues): Command {
  return syntax === 'v1'
    ? [tools.gpioset, '--mode=wait', chip, ...assignments(values)]
    : [tools.gpioset, '--banner', '--chip', chip, ...assignments(values)];
}

/** Sets lines once and ends; in version 2 that is a toggle sequence of the period 0. */
export function setCommand(syntax: GpiodSyntax, tools: GpiodTools, chip: string, values: LineValues): Command {
  return syntax === 'v1'
    ? [tools.gpioset, '--mode=exit', chip, ...assignments(values)]
    : [tools.gpioset, '--toggle', '0', '--chip', chip, ...assignments(values)];
}

/**
 * The same command under a guard, which makes the kernel end the tool when the program that started it dies, even by
 * SIGKILL: otherwise gpiomon and gpioset would keep their lines and the next start would find them busy.
 * Source: setpriv(1) of util-linux 2.33 and later, `--pdeathsig`.
 */
export function guarded(command: Command): Command {
  return ['setpriv', '--pdeathsig', 'KILL', '--', ...command];
}

type Lines = readonly number[];
/** Line → high or low. */
export type LineValues = ReadonlyMap<number, boolean>;

function biasOption(syntax: GpiodSyntax, bias: Bias): string {
  // Version 1 spells it without the d.
  return `--bias=${syntax === 'v1' && bias === 'disabled' ? 'disable' : bias}`;
}

function assignments(values: LineValues): string[] {
  return [...values].map(([line, high]) => `${line}=${high ? 1 : 0}`);
}
