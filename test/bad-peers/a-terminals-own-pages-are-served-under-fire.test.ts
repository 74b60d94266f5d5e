import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Hall, until } from '../support/hall.js';
import { Wire } from './wire.js';

const MOST_GROWTH_MB = 60;
const FEED = '/v1/screen/events';

const hall = new Hall();
let quietMb = 0;
const wires: Wire[] = [];

beforeAll(async () => {
  await hall.start();
  await served('warm');
  quietMb = peakMb();
}, 60_000);
afterAll(async () => {
  for (const wire of wires) wire.end();
  await hall.stop();
});

function peakMb(): number {
  const status = readFileSync(`/proc/${hall.counter(1).program.pid}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
}

async function open(options: { reads?: boolean } = {}): Promise<Wire> {
  const wire = await Wire.open(hall.counter(1).port, options);
  wires.push(wire);
  return wire;
}

function head(method: string, path: string, who: 'kiosk' | 'staff'): string {
  const { dataDir, port } = hall.counter(1);
  const secret = readFileSync(join(dataDir, `${who}-secret`), 'utf8').trim();
  return `${method} ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nauthorization: Bearer ${secret}\r\n`;
}

/** Staff open a service and the citizen presses: page and keys serve. */
async function served(caseNo: string): Promise<void> {
  await hall.openLocally(1, caseNo);
  expect(await hall.press(1, 5)).toBe(true);
  expect((await hall.local(hall.counter(1), 'GET', '/v1/health')).status).toBe(200);
}

it.each([
  ['connections that say nothing', () => ''],
  ['requests whose headers do not end', () => `${head('GET', '/v1/health', 'staff')}x-slow: `],
  ['bodies that do not end', () => `${head('POST', '/v1/services', 'staff')}content-length: 10000\r\n\r\n{`],
])('while there are five hundred %s', async (_, said) => {
  const bad: Wire[] = [];
  for (let n = 0; n < 500; n += 1) {
    const wire = await open();
    bad.push(wire);
    wire.say(said());
  }
  await served('beside-slow-ones');
  await until('only so many are left', () => bad.filter(({ closed }) => !closed).length <= 128);
  for (const wire of bad) wire.end();
});

it('while bodies of 100 MB come in', async () => {
  const wire = await open();
  wire.say(
    `${head('POST', '/v1/services', 'staff')}content-type: application/json\r\ncontent-length: 100000000\r\n\r\n`,
  );
  await until('it is refused', () => {
    if (wire.socket.writableLength === 0) wire.say(Buffer.alloc(60_000, 0x20));
    return wire.heard.includes('request-too-large') || wire.closed;
  });
  await served('beside-giants');
});

it('while hundreds of pages follow and never read', async () => {
  const pages: Wire[] = [];
  for (let n = 0; n < 300; n += 1) {
    const page = await open({ reads: false });
    pages.push(page);
    page.say(`${head('GET', FEED, 'kiosk')}\r\n`);
  }
  for (const page of pages) page.socket.resume(); // who reads nothing does not notice the end
  await until('only some are left', () => pages.filter(({ closed }) => !closed).length <= 8);
  await served('beside-followers');
  for (const page of pages) page.end();
});

it('while requests come in one go, and none of the answers is read', async () => {
  for (let n = 0; n < 50; n += 1) {
    const wire = await open({ reads: false });
    wire.say(`${head('GET', '/v1/health', 'staff')}\r\n`.repeat(500));
    await wire.cutOff();
  }
  await served('beside-floods');
});

it('and the memory of the terminal has stayed bounded, and it is told of', () => {
  expect(peakMb()).toBeLessThan(quietMb + MOST_GROWTH_MB);
  const told = hall.counter(1).program.lines.filter(({ event }) => String(event).startsWith('bad peer'));
  expect(told.length).toBeGreaterThan(0);
  expect(told.length).toBeLessThan(50);
});
