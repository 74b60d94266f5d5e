import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import { fingerRests, until } from '../hw/witness.js';
import { gpioRig, standInTools, startedRig } from './gpio-rig.js';
import type { VirtualChip } from './virtual-chip.js';

const VERSIONS = ['v1', 'v2'] as const;
const hasGuard = spawnSync('setpriv', ['--pdeathsig', 'KILL', '--', 'true']).status === 0;

/** Processes that this one has started and that are still there. */
const children = () => readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8').trim();
const free = (chip: VirtualChip) => until(() => chip.held('watch') + chip.held('set') + chip.held('get') === 0);

it.each(VERSIONS)('%s: a stop darkens the lamps, lets every line go and leaves no process', async (syntax) => {
  expect(children()).toBe('');
  const { board, chip, lamps } = await startedRig(syntax);
  board.setLamps('invited');
  await until(async () => (await lamps()).invited && board.link === 'connected');
  expect([chip.held('watch'), chip.held('set')]).toEqual([1, 1]);
  expect(children().split(' ')).toHaveLength(2);
  await board.stop();
  expect(children()).toBe('');
  await free(chip);
  expect(chip.lastDriven()).toEqual({ 12: 0, 16: 0, 26: 0 });
});

it.each(VERSIONS)('%s: so does a stop at any moment of the start', async (syntax) => {
  for (const waitMs of [0, 5, 10, 20, 30, 40, 60]) {
    const { board, chip, witness } = await startedRig(syntax);
    await fingerRests(waitMs);
    await board.stop();
    expect(children()).toBe('');
    const { length } = witness.told;
    await free(chip);
    expect(witness.told).toHaveLength(length);
  }
});

// Version 2, whose gpioset does not even notice that its input ended. Needs setpriv of util-linux, without which
// systemd's control group is what ends them.
it.skipIf(!hasGuard)('none is left when the program is killed, and the next one serves', async () => {
  const rig = await gpioRig('v2');
  const tools = standInTools('v2');
  const { gpiomon, gpioset, gpioget, gpioinfo } = tools;
  const program = spawn(
    process.execPath,
    ['--import', 'tsx', 'test/gpio/one-board-until-killed.ts', rig.chip.path, gpiomon, gpioset, gpioget, gpioinfo],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  onTestFinished(async () => {
    program.kill('SIGKILL');
    await rig.board.stop();
    await rig.stop();
    tools.remove();
  });
  await until(async () => rig.chip.held('watch') === 1 && (await rig.lamps()).invited, 15_000);
  program.kill('SIGKILL');
  await until(() => rig.chip.held('watch') + rig.chip.held('set') === 0);
  rig.board.start({
    press: () => undefined,
    chord: () => undefined,
    stuck: () => undefined,
    freed: () => undefined,
    link: () => undefined,
  });
  await until(() => rig.board.link === 'connected');
});
