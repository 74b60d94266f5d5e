/** The driver on a virtual chip, through the stand-ins of the tools of either version. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { GpioCounterBoard } from '../../hw/gpio/gpio-counter-board.js';
import type { GpiodSyntax, GpiodTools } from '../../hw/gpio/gpiod-commands.js';
import type { KeyLevel } from '../../hw/ports/counter-board.js';
import type { GpioProfile } from '../../hw/profiles/gpio-profile.js';
import type { BoardRig } from '../hw/counter-board-contract.js';
import { Witness } from '../hw/witness.js';
import { QUICK_GPIO_PROFILE } from './quick-gpio-profile.js';
import { VirtualChip } from './virtual-chip.js';

const STAND_IN = fileURLToPath(new URL('./gpiod-stand-in.pl', import.meta.url));

export { QUICK_GPIO_PROFILE };

/** Programs that behave as the tools of that version; `remove` takes them away. */
export function standInTools(syntax: GpiodSyntax): GpiodTools & { remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), `pjq-gpiod-${syntax}-`));
  const program = (name: string) => {
    const file = join(folder, name);
    const call = ['perl', STAND_IN, syntax, name].map((word) => `'${word}'`).join(' ');
    writeFileSync(file, `#!/bin/sh\nexec ${call} "$@"\n`, { mode: 0o755 });
    return file;
  };
  return {
    gpiomon: program('gpiomon'),
    gpioset: program('gpioset'),
    gpioget: program('gpioget'),
    gpioinfo: program('gpioinfo'),
    remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }),
  };
}

export interface GpioRig extends BoardRig {
  readonly board: GpioCounterBoard;
  readonly chip: VirtualChip;
  readonly attempts: number[];
}

export async function gpioRig(syntax: GpiodSyntax, profile: GpioProfile = QUICK_GPIO_PROFILE): Promise<GpioRig> {
  const chip = new VirtualChip();
  await chip.join();
  const tools = standInTools(syntax);
  const attempts: number[] = [];
  const board = new GpioCounterBoard({
    profile,
    address: { kind: 'gpio', chip: chip.path },
    tools,
    monoMs: () => performance.now(),
    nextDelayMs: (attempt) => {
      attempts.push(attempt);
      return 20;
    },
  });
  const lit = (lines: readonly number[]) => lines.some((line) => chip.drives(line));
  return {
    board,
    chip,
    attempts,
    moveKey: (level, down) => chip.pull(lineOf(profile, level), keyValue(profile, down)),
    lamps: () => ({
      invited: lit(profile.lamps.invited),
      accepted: lit(profile.lamps.accepted),
      fault: lit(profile.lamps.fault),
    }),
    cut: () => chip.cut(),
    join: () => chip.join(),
    garbage: (bytes) => chip.garbage(bytes),
    stop: async () => {
      await chip.stop();
      tools.remove();
    },
  };
}

/** A rig whose driver has started; both are stopped after the test. */
export async function startedRig(syntax: GpiodSyntax, before: (rig: GpioRig) => void = () => undefined) {
  const rig = await gpioRig(syntax);
  onTestFinished(async () => {
    await rig.board.stop();
    await rig.stop();
  });
  before(rig);
  const witness = new Witness();
  rig.board.start(witness.events);
  return { ...rig, witness };
}

export function lineOf(profile: GpioProfile, level: KeyLevel): number {
  const key = profile.keys.find((candidate) => candidate.level === level);
  if (!key) throw new Error(`no key of level ${level}`);
  return key.line;
}

/** A key that is up leaves its line to the bias. */
function keyValue({ activeLevel }: GpioProfile, down: boolean): 0 | 1 | null {
  if (!down) return null;
  return activeLevel === 'low' ? 0 : 1;
}
