import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  GPIOD_TOOLS,
  holdCommand,
  infoCommand,
  readCommand,
  setCommand,
  syntaxOf,
  watchCommand,
  type Command,
  type GpiodSyntax,
  type GpiodTools,
} from '../../hw/gpio/gpiod-commands.js';
import { standInTools } from './gpio-rig.js';

const NO_CHIP = '/dev/pjq-no-such-chip';
const VALUES = new Map([
  [12, true],
  [16, false],
]);

/** All that the driver ever runs. */
const commands = (syntax: GpiodSyntax, tools: GpiodTools, chip: string): readonly Command[] => [
  readCommand(syntax, tools, chip, 'disabled', [27, 22]),
  watchCommand(syntax, tools, chip, 'pull-up', [27, 22]),
  holdCommand(syntax, tools, chip, VALUES),
  setCommand(syntax, tools, chip, VALUES),
  ...(syntax === 'v1' ? [infoCommand(tools, chip)] : []),
];

it('version 1', () => {
  expect(commands('v1', GPIOD_TOOLS, 'gpiochip0')).toEqual([
    ['gpioget', '--bias=disable', 'gpiochip0', '27', '22'],
    ['gpiomon', '--line-buffered', '--bias=pull-up', '--format=pjq-edge %o %e %s %n', 'gpiochip0', '27', '22'],
    ['gpioset', '--mode=wait', 'gpiochip0', '12=1', '16=0'],
    ['gpioset', '--mode=exit', 'gpiochip0', '12=1', '16=0'],
    ['gpioinfo', 'gpiochip0'],
  ]);
});

it('version 2', () => {
  expect(commands('v2', GPIOD_TOOLS, 'gpiochip0')).toEqual([
    ['gpioget', '--chip', 'gpiochip0', '--bias=disabled', '--numeric', '27', '22'],
    ['gpiomon', '--banner', '--chip', 'gpiochip0', '--bias=pull-up', '--format=pjq-edge %o %e %S', '27', '22'],
    ['gpioset', '--banner', '--chip', 'gpiochip0', '12=1', '16=0'],
    ['gpioset', '--toggle', '0', '--chip', 'gpiochip0', '12=1', '16=0'],
  ]);
});

it.each([
  ['gpiomon (libgpiod) v1.6.3\nCopyright', 'v1'],
  ['gpiomon (libgpiod) v1.5', 'v1'],
  ['gpiomon (libgpiod) v2.0\n', 'v2'],
  ['gpiomon (libgpiod) v2.2.1-devel', 'v2'],
  ['gpiomon (libgpiod) v1.4.1', { unfit: 'libgpiod 1.4 is not known; 1.5 to 2.x serve' }],
  ['gpiomon (libgpiod) v3.0', { unfit: 'libgpiod 3.0 is not known; 1.5 to 2.x serve' }],
  ['BusyBox v1.36.1', { unfit: 'gpiomon does not say its version' }],
  ['', { unfit: 'gpiomon does not say its version' }],
])('%j is %j', (text, syntax) => expect(syntaxOf(text)).toEqual(syntax));

const OTHER = { v1: 'v2', v2: 'v1' } as const;
/** How getopt, and these tools, complain of a command line. */
const MISUSE = /unrecognized option|invalid option|requires an argument|invalid bias|invalid GPIO|must be specified/;

const saidOf = ([program, ...args]: Command) =>
  spawnSync(program, args, { encoding: 'utf8', input: '', timeout: 5_000 }).stderr;

describe.each(['v1', 'v2'] as const)('the stand-ins of %s', (syntax) => {
  let tools: ReturnType<typeof standInTools>;
  beforeAll(() => (tools = standInTools(syntax)));
  afterAll(() => tools.remove());

  it('take their own command lines and refuse those of the other version', () => {
    for (const command of commands(syntax, tools, NO_CHIP)) {
      expect(saidOf(command)).toMatch(/No such file or directory|cannot find GPIO chip/);
      expect(saidOf(command)).not.toMatch(MISUSE);
    }
    for (const command of commands(OTHER[syntax], tools, NO_CHIP).slice(0, 4)) expect(saidOf(command)).toMatch(MISUSE);
  });
});

const real = spawnSync('gpiomon', ['--version'], { encoding: 'utf8' });
const installed = real.error ? undefined : syntaxOf(real.stdout);

// Needs the package gpiod; a chip it does not need.
describe.skipIf(typeof installed !== 'string')('the real tools of this computer', () => {
  it('take the command lines of their version and refuse those of the other', () => {
    const own = installed as GpiodSyntax;
    for (const command of commands(own, GPIOD_TOOLS, NO_CHIP)) {
      expect(saidOf(command)).toMatch(/No such file or directory|cannot find GPIO chip/);
      expect(saidOf(command)).not.toMatch(MISUSE);
    }
    for (const command of commands(OTHER[own], GPIOD_TOOLS, NO_CHIP).slice(0, 4)) {
      expect(saidOf(command)).toMatch(MISUSE);
    }
  });
});
