/**
 * What `hw/ports/counter-board.ts` promises, held against a driver and the device it talks to.
 * The driver's profile should have short times, `stuckMs` 1,000 and `armUpMs` 60 or so: the suite waits for both.
 */
import { describe, expect, it, onTestFinished } from 'vitest';
import type { CounterBoard, KeyLevel, LampSignal } from '../../hw/ports/counter-board.js';
import { fingerRests, until, Witness } from './witness.js';

type Lamps = Record<'invited' | 'accepted' | 'fault', boolean>;

/** A driver, what it talks to, and the hand that breaks it. */
export interface BoardRig {
  /** Not started. */
  readonly board: CounterBoard;
  moveKey(level: KeyLevel, down: boolean): Promise<void> | void;
  /** What the lamps on the bench show now. */
  lamps(): Promise<Lamps> | Lamps;
  /** Unplugs it. */
  cut(): Promise<void> | void;
  /** Plugs it in again. */
  join(): Promise<void> | void;
  /** Any bytes from the device's side. */
  garbage(bytes: Uint8Array): Promise<void> | void;
  /** The device's side only; the suite stops the driver before. */
  stop(): Promise<void>;
}

export interface ContractLimits {
  /** All patience is so many times as long; 1 by default. */
  readonly slow?: number;
  /** How often it is cut and joined in a row; 10 by default. */
  readonly cuts?: number;
  /** The device tells presses and nothing of keys that are held or let go, so no driver can tell either. */
  readonly pressesOnly?: boolean;
  /** What comes as noise. By default any bytes; a wire that cannot tell noise from a key names what it can. */
  readonly noise?: readonly Uint8Array[];
}

const ALL_LEVELS: readonly KeyLevel[] = [1, 2, 3, 4, 5];
const DARK: Lamps = { invited: false, accepted: false, fault: false };
const SIGNALS = ['invited', 'accepted', 'fault'] as const;
/** Between two touches of one finger. */
const FINGER_MS = 40;

export function counterBoardContract(name: string, rig: () => Promise<BoardRig>, limits: ContractLimits = {}): void {
  const { slow = 1, cuts = 10, pressesOnly = false, noise = anyBytes() } = limits;
  const patienceMs = 5_000 * slow;

  async function setUp() {
    const bench = await rig();
    const { board } = bench;
    onTestFinished(async () => {
      await board.stop();
      await bench.stop();
    });
    const witness = new Witness();
    const wait = (condition: () => boolean | Promise<boolean>) => until(condition, patienceMs);
    const serves = () => wait(() => board.link === 'connected');
    const rest = () => fingerRests(FINGER_MS * slow);
    return {
      ...bench,
      bench,
      witness,
      wait,
      serves,
      rest,
      serve: async () => {
        board.start(witness.events);
        await serves();
      },
      /** A whole press; resolves when it was told and the finger is away. */
      press: async (level: KeyLevel) => {
        const before = witness.presses.length;
        await bench.moveKey(level, true);
        await wait(() => witness.presses.length > before);
        await bench.moveKey(level, false);
        await rest();
      },
      show: async (signal: LampSignal, shown: Lamps) => {
        board.setLamps(signal);
        await wait(async () => same(await bench.lamps(), shown));
      },
    };
  }

  describe(`${name} as a counter board`, { timeout: 3 * patienceMs }, () => {
    it('is lost before it is started and while nobody answers, and is found when it is plugged in', async () => {
      const { board, bench, witness, wait, serves, press } = await setUp();
      expect(board.link).toBe('lost');
      await bench.cut();
      board.start(witness.events);
      await wait(() => witness.links.length > 0);
      expect(witness.links).toEqual(['lost']);
      await bench.join();
      await serves();
      expect(witness.links.at(-1)).toBe('connected');
      await press(2);
      expect(witness.presses).toEqual([2]);
    });

    it('brings each level once, with the time at which the contact moved, and lights nothing for it', async () => {
      const { bench, witness, wait, serve, show, rest } = await setUp();
      await serve();
      const shown = { ...DARK, invited: true };
      await show('invited', shown);
      for (const level of ALL_LEVELS) {
        const before = performance.now();
        await bench.moveKey(level, true);
        await wait(() => witness.presses.at(-1) === level);
        const press = witness.told.at(-1);
        if (press?.kind !== 'press') throw new Error('the last thing told is no press');
        expect(press.atMonoMs).toBeGreaterThanOrEqual(before);
        expect(press.atMonoMs).toBeLessThanOrEqual(performance.now());
        expect(await bench.lamps()).toEqual(shown);
        await bench.moveKey(level, false);
        await rest();
      }
      expect(witness.presses).toEqual(ALL_LEVELS);
      expect(witness.total('chord')).toBe(0);
    });

    it('makes a chord and no press of two keys together, and a press of the next one', async () => {
      const { bench, witness, wait, serve, press, rest } = await setUp();
      await serve();
      await Promise.all([bench.moveKey(5, true), bench.moveKey(1, true)]);
      await wait(() => witness.total('chord') === 1);
      await Promise.all([bench.moveKey(5, false), bench.moveKey(1, false)]);
      await rest();
      await press(3);
      expect(witness.presses).toEqual([3]);
      expect(witness.total('chord')).toBe(1);
    });

    it.skipIf(pressesOnly)('makes one press of a contact that bounces, and one of a key that is held', async () => {
      const { bench, witness, wait, serve, press, rest } = await setUp();
      await serve();
      for (let bounce = 0; bounce < 4; bounce += 1) {
        await bench.moveKey(4, true);
        await bench.moveKey(4, false);
      }
      await bench.moveKey(4, true);
      await wait(() => witness.presses.length === 1);
      await rest();
      await bench.moveKey(4, false);
      await rest();
      await press(2);
      expect(witness.presses).toEqual([4, 2]);
    });

    it.skipIf(pressesOnly)('tells a stuck key once, leaves the others working, and tells it free again', async () => {
      const { bench, witness, wait, serve, press } = await setUp();
      await serve();
      await bench.moveKey(1, true);
      await wait(() => witness.total('stuck') === 1);
      await press(5);
      await bench.moveKey(1, false);
      await wait(() => witness.total('freed') === 1);
      await press(1);
      expect(witness.presses).toEqual([1, 5, 1]);
      const faults = witness.told.filter(({ kind }) => kind === 'stuck' || kind === 'freed');
      expect(faults).toEqual([
        { kind: 'stuck', level: 1 },
        { kind: 'freed', level: 1 },
      ]);
    });

    it.skipIf(pressesOnly)('does not take a key for pressed that was held when it came', async () => {
      const { board, bench, witness, wait, serves, press } = await setUp();
      await bench.moveKey(3, true);
      board.start(witness.events);
      await wait(() => board.link === 'degraded');
      await bench.moveKey(3, false);
      await serves();
      expect(witness.presses).toEqual([]);
      await press(3);
      expect(witness.presses).toEqual([3]);
    });

    it('shows one signal at a time', async () => {
      const { serve, show } = await setUp();
      await serve();
      for (const signal of SIGNALS) await show(signal, { ...DARK, [signal]: true });
      await show('off', DARK);
    });

    it('puts the last wish on the lamps when it was plugged in again', async () => {
      const { board, bench, serve, serves, show, wait } = await setUp();
      await serve();
      await show('invited', { ...DARK, invited: true });
      await bench.cut();
      await wait(() => board.link === 'lost');
      board.setLamps('fault');
      await bench.join();
      await serves();
      await wait(async () => same(await bench.lamps(), { ...DARK, fault: true }));
    });

    it(`is lost and found ${cuts} times, without a press of a key that moved meanwhile`, async () => {
      const { board, bench, witness, serve, serves, press, wait } = await setUp();
      await serve();
      for (let cut = 0; cut < cuts; cut += 1) {
        await bench.cut();
        await wait(() => board.link === 'lost');
        const level = ALL_LEVELS[cut % ALL_LEVELS.length] ?? 1;
        await bench.moveKey(level, true);
        await bench.moveKey(level, false);
        await bench.join();
        await serves();
      }
      expect(witness.links.filter((state) => state === 'lost')).toHaveLength(cuts);
      expect(witness.presses).toEqual([]);
      await press(5);
      expect(witness.presses).toEqual([5]);
    });

    it('makes no press of noise, and serves again when it is over', async () => {
      const { board, bench, witness, serve, serves, press } = await setUp();
      await serve();
      for (const bytes of noise) {
        await bench.garbage(bytes);
        await fingerRests(5 * slow);
      }
      // Noise may have ended the connection or made the keys doubtful; both pass.
      await rested(board, serves, slow);
      const { presses } = witness;
      expect(presses).toEqual([]);
      await press(4);
      expect(witness.presses).toEqual([4]);
    });

    it('tells nothing after it was stopped, whatever moves', async () => {
      const { board, bench, witness, serve, rest } = await setUp();
      await serve();
      await bench.moveKey(2, true);
      await board.stop();
      const told = witness.told.length;
      await bench.moveKey(2, false);
      await bench.moveKey(4, true);
      for (const bytes of noise.slice(0, 4)) await bench.garbage(bytes);
      await bench.cut();
      await rest();
      expect(witness.told).toHaveLength(told);
      expect(witness.total('chord')).toBe(0);
    });
  });
}

/** It serves, and still does a while later: what the noise has set off may come behind it. */
async function rested(board: CounterBoard, serves: () => Promise<void>, slow: number): Promise<void> {
  do {
    await serves();
    await fingerRests(100 * slow);
  } while (board.link !== 'connected');
}

function same(one: Lamps, other: Lamps): boolean {
  return SIGNALS.every((signal) => one[signal] === other[signal]);
}

/** 1 KiB of bytes by the xorshift generator, always the same, in pieces of 16. */
function anyBytes(): Uint8Array[] {
  let seed = 0x2545_f491;
  const next = () => {
    seed ^= seed << 13;
    seed ^= seed >>> 17;
    seed ^= seed << 5;
    return seed & 0xff;
  };
  return Array.from({ length: 64 }, () => Uint8Array.from({ length: 16 }, next));
}
