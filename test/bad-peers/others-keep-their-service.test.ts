import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Hall, until } from '../support/hall.js';
import { ATTACKS, type Attack } from './attacks.js';
import { MqttTerminal } from './mqtt-terminal.js';

/** Presses for each measurement; its p99 is the second slowest. */
const PRESSES = 100;
/** What two busy cores make of a quiet hall now and then. */
const NOISE_MS = 20;
/** Other programs of the machine may be in the way of one measurement; what a bad peer does, it does in all. */
const TRIES = 8;
/** The gateway at the worst moment of all attacks; quiet it has about half. */
const MOST_MB = 250;

const hall = new Hall({ terminals: 1 });
const good = new MqttTerminal('good');
let bad: MqttTerminal;

beforeAll(async () => {
  await hall.start();
  await good.register(hall, 8);
  bad = await new MqttTerminal('bad').register(hall, 9);
  await good.connect(hall.mqttPort);
  await measure(2 * PRESSES); // until everything is warm
}, 60_000);
afterAll(async () => {
  await good.end();
  await hall.stop();
});

async function measure(presses: number): Promise<number[]> {
  const times: number[] = [];
  for (let n = 0; n < presses; n += 1) times.push(await good.press());
  return times;
}

function p99(times: readonly number[]): number {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.99) - 1] as number;
}

function peakMb(): number {
  const status = readFileSync(`/proc/${hall.gateway.pid}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
}

async function underAttack({ run }: Attack): Promise<number[]> {
  let over = false;
  const attack = run({ mqttPort: hall.mqttPort, httpPort: hall.gatewayPort, bad, isOver: () => over });
  const times = await measure(PRESSES);
  over = true;
  await attack;
  return times;
}

/** A registered terminal that sends right batches without end takes processor time that nobody can give back: by hand. */
const HELD_OFF = ATTACKS.filter(({ what }) => !what.startsWith('right batches'));

it.each(HELD_OFF)('while a bad peer sends $what', async (attack) => {
  let quietP99 = 0;
  let attackedP99 = 0;
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    quietP99 = p99(await measure(PRESSES));
    attackedP99 = p99(await underAttack(attack));
    if (attackedP99 <= mostMs(quietP99)) break;
  }
  expect(attackedP99, `quiet ${quietP99} ms`).toBeLessThanOrEqual(mostMs(quietP99));
  expect(good.isConnected).toBe(true);
  expect(peakMb()).toBeLessThan(MOST_MB);
});

function mostMs(quietP99: number): number {
  return Math.max(3 * quietP99, NOISE_MS);
}

it('and afterwards all are served: the counter, the hall, and the bad peer itself once it behaves', async () => {
  const { pid } = hall.gateway;
  await hall.open(1, 'after-all');
  expect(await hall.press(1, 5)).toBe(true);
  await until('it is in the ledger', async () => (await hall.ledger()).some(({ caseNo }) => caseNo === 'after-all'));
  await bad.connect(hall.mqttPort);
  expect(await bad.press()).toBeLessThan(10_000);
  await bad.end();
  expect(hall.gateway.pid).toBe(pid);
  expect(hall.gateway.running).toBe(true);
  // What was said of it all fits on some pages.
  expect(hall.gateway.lines.length).toBeLessThan(3_000);
});
