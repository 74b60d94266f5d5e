/** The tools of libgpiod as they are on this computer: which syntax they have, and whether a guard can hold them. */
import {
  guarded,
  holdCommand,
  infoCommand,
  readCommand,
  setCommand,
  syntaxOf,
  watchCommand,
  type Bias,
  type Command,
  type GpiodSyntax,
  type GpiodTools,
  type LineValues,
} from './gpiod-commands.js';
import { linesOfGpiomon, parseValues } from './gpiod-output.js';
import { runTool, ToolProcess } from './tool-process.js';

/** How long a tool that ends by itself may take, ms; the first start from a slow memory card is the longest. */
const TOOL_TIMEOUT_MS = 3_000;

/** The tools, found and understood. */
export interface Gpiod {
  readonly syntax: GpiodSyntax;
  /** Values of the lines in their order, or why they cannot be read. */
  read(bias: Bias, lines: readonly number[]): Promise<readonly boolean[] | { readonly failed: string }>;
  watch(bias: Bias, lines: readonly number[]): ToolProcess;
  /** Whether a gpiomon has all these lines; for version 1, which does not say so itself. */
  watched(lines: readonly number[]): Promise<boolean>;
  hold(values: LineValues): ToolProcess;
  /** Sets lines once; whether it worked nobody can help any more. */
  set(values: LineValues): Promise<void>;
}

/** Asks the tools what they are. @returns them, or why they do not serve. Settles within seconds. */
export async function findGpiod(
  tools: GpiodTools,
  chip: string,
  stopped: AbortSignal,
): Promise<Gpiod | { readonly failed: string }> {
  const ask: Command = [tools.gpiomon, '--version'];
  const withGuard = await runTool(guarded(ask), TOOL_TIMEOUT_MS, stopped);
  // An old util-linux, a system without it, or no gpiomon: the last is told by asking once more.
  const answer = withGuard.ok ? withGuard : await runTool(ask, TOOL_TIMEOUT_MS, stopped);
  if (!answer.ok) return { failed: `gpiomon cannot be run; install the package gpiod (${answer.reason})` };
  const syntax = syntaxOf(answer.output);
  if (typeof syntax !== 'string') return { failed: syntax.unfit };
  const held = (command: Command) => (withGuard.ok ? guarded(command) : command);
  return {
    syntax,
    watch: (bias, lines) => new ToolProcess(held(watchCommand(syntax, tools, chip, bias, lines))),
    hold: (values) => new ToolProcess(held(holdCommand(syntax, tools, chip, values))),
    read: async (bias, lines) => {
      const outcome = await runTool(held(readCommand(syntax, tools, chip, bias, lines)), TOOL_TIMEOUT_MS, stopped);
      if (!outcome.ok) return { failed: outcome.reason };
      return parseValues(outcome.output, lines.length) ?? { failed: 'gpioget does not say the values of the lines' };
    },
    watched: async (lines) => {
      const outcome = await runTool(held(infoCommand(tools, chip)), TOOL_TIMEOUT_MS, stopped);
      const watched = outcome.ok ? linesOfGpiomon(outcome.output) : [];
      return lines.every((line) => watched.includes(line));
    },
    set: async (values) => {
      // While the driver stops: not under its signal, which says that it is stopping.
      const patience = AbortSignal.timeout(STOP_PATIENCE_MS);
      await runTool(held(setCommand(syntax, tools, chip, values)), STOP_PATIENCE_MS, patience);
    },
  };
}

const STOP_PATIENCE_MS = 1_000;
