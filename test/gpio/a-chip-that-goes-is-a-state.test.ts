import { expect, it, onTestFinished } from 'vitest';
import { GpioCounterBoard } from '../../hw/gpio/gpio-counter-board.js';
import { parseGpioProfile } from '../../hw/profiles/gpio-profile.js';
import { fingerRests, until, Witness } from '../hw/witness.js';
import { gpioRig, QUICK_GPIO_PROFILE, startedRig } from './gpio-rig.js';

const VERSIONS = ['v1', 'v2'] as const;
const reasons = ({ told }: Witness) => told.flatMap((entry) => (entry.kind === 'link' ? [entry.reason] : []));

it.each(VERSIONS)('%s: a chip that is not there is looked for by the schedule, without a word more', async (syntax) => {
  const { board, witness, attempts, join, chip } = await startedRig(syntax, (rig) => void rig.cut());
  await until(() => attempts.length >= 3);
  expect(attempts.slice(0, 3)).toEqual([1, 2, 3]);
  expect(witness.links).toEqual(['lost']);
  expect(reasons(witness)[0]).toMatch(/No such file|cannot find GPIO chip/);
  await join();
  await until(() => board.link === 'connected');
  expect(QUICK_GPIO_PROFILE.keys.map(({ line }) => chip.biasOf(line))).toEqual(Array(5).fill('pull-up'));
});

it('without the tools the keys are lost, with the package to install', async () => {
  const witness = new Witness();
  const nowhere = { gpiomon: '/nowhere/gpiomon', gpioset: '', gpioget: '', gpioinfo: '' };
  const board = new GpioCounterBoard({
    profile: QUICK_GPIO_PROFILE,
    address: { kind: 'gpio', chip: 'gpiochip0' },
    tools: nowhere,
    monoMs: () => performance.now(),
    nextDelayMs: () => 20,
  });
  onTestFinished(() => board.stop());
  board.start(witness.events);
  await until(() => witness.links.length > 0);
  expect(witness.links).toEqual(['lost']);
  expect(reasons(witness)[0]).toMatch(/install the package gpiod/);
});

it.each(VERSIONS)('%s: key lines that another program holds are told, and taken when it lets go', async (syntax) => {
  const { board, witness, chip } = await startedRig(syntax, (rig) => void rig.chip.taken.add(27));
  await until(() => witness.links.length > 0);
  expect(reasons(witness)[0]).toMatch(/busy/);
  chip.taken.clear();
  await until(() => board.link === 'connected');
});

it.each(VERSIONS)('%s: lamp lines that another program holds leave the keys working', async (syntax) => {
  const { board, witness, chip, moveKey, lamps } = await startedRig(syntax, (rig) => void rig.chip.taken.add(16));
  await until(() => reasons(witness).some((reason) => /lamps cannot be set.*busy/.test(reason)));
  expect(board.link).toBe('degraded');
  void moveKey(4, true);
  await until(() => witness.presses.length === 1);
  expect(witness.presses).toEqual([4]);
  board.setLamps('accepted');
  chip.taken.clear();
  await until(async () => (await lamps()).accepted);
  await until(() => board.link === 'connected');
});

it.each(VERSIONS)('%s: a key that was let go while gpiomon was starting is not told as stuck', async (syntax) => {
  const { board, witness, moveKey, chip } = await startedRig(syntax, (rig) => {
    void rig.moveKey(2, true);
    rig.chip.beforeWatch = () => void rig.moveKey(2, false);
  });
  await until(() => board.link === 'connected');
  chip.beforeWatch = () => undefined;
  void moveKey(2, true);
  await until(() => witness.presses.length === 1);
  expect(witness.presses).toEqual([2]);
  expect(witness.total('stuck')).toBe(0);
});

it.each(VERSIONS)(
  '%s: keys to supply and lamps that light when low are read and driven the other way',
  async (syntax) => {
    const profile = parseGpioProfile({
      ...QUICK_GPIO_PROFILE,
      activeLevel: 'high',
      bias: 'disabled',
      lampActiveLevel: 'low',
    });
    const rig = await gpioRig(syntax, profile);
    const witness = new Witness();
    onTestFinished(async () => {
      await rig.board.stop();
      await rig.stop();
    });
    rig.board.setLamps('invited');
    rig.board.start(witness.events);
    await until(() => rig.board.link === 'connected');
    // Driven high is dark: only the invited lamp is not.
    await until(async () => {
      const { invited, accepted, fault } = await rig.lamps();
      return !invited && accepted && fault;
    });
    void rig.moveKey(1, true);
    await until(() => witness.presses.length === 1);
    expect(witness.presses).toEqual([1]);
    expect(rig.chip.biasOf(27)).toBe('disable');
  },
);

it.each(VERSIONS)('%s: a lamp is lit again on the chip that came back, though nobody asked anew', async (syntax) => {
  const { board, cut, join, lamps } = await startedRig(syntax);
  board.setLamps('invited');
  await until(async () => board.link === 'connected' && (await lamps()).invited);
  await cut();
  await until(() => board.link === 'lost');
  await join();
  await until(async () => board.link === 'connected' && (await lamps()).invited);
});

it.each(VERSIONS)('%s: keys do not count before gpiomon has their lines, however long it takes', async (syntax) => {
  let open: () => void = () => undefined;
  const { board, witness, moveKey } = await startedRig(syntax, ({ chip }) => {
    chip.watchGate = new Promise((resolve) => (open = resolve));
  });
  await fingerRests(500);
  expect(witness.links).toEqual([]);
  open();
  await until(() => board.link === 'connected');
  void moveKey(5, true);
  await until(() => witness.presses.length === 1);
});
