import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventClock } from '../../hw/gpio/event-clock.js';
import { isBanner, linesOfGpiomon, parseEdge, parseValues } from '../../hw/gpio/gpiod-output.js';
import { ToolProcess } from '../../hw/gpio/tool-process.js';
import { until } from '../hw/witness.js';

const EVENTS = { v1: 'pjq-edge 27 0 1234 5', v2: 'pjq-edge 27 2 1234.000000005' } as const;

describe.each(['v1', 'v2'] as const)('gpiomon of %s', (syntax) => {
  const event = EVENTS[syntax];

  it('says line, direction and time', () => {
    expect(parseEdge(syntax, event)).toEqual({ line: 27, high: false, kernelMs: 1_234_000.000005 });
    expect(parseEdge(syntax, event.replace(/ [02] /, ' 1 '))).toMatchObject({ line: 27, high: true });
  });

  it('and nothing that is cut, joined, padded or of the other version is an event', () => {
    const other = EVENTS[syntax === 'v1' ? 'v2' : 'v1'];
    for (const text of [other, ` ${event}`, `${event} `, event + event, event.replace('27', '-7'), '']) {
      expect(parseEdge(syntax, text)).toBeNull();
    }
    for (let cut = 1; cut < event.length; cut += 1) {
      expect(parseEdge(syntax, event.slice(cut))).toBeNull();
      // A shorter number is a number still; what is left of the time is not told from a whole one.
      if (cut < event.lastIndexOf(syntax === 'v1' ? ' ' : '.'))
        expect(parseEdge(syntax, event.slice(0, cut))).toBeNull();
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        expect(parseEdge(syntax, Buffer.from(bytes).toString('latin1'))).toBeNull();
      }),
    );
  });

  it('comes through at every place where its output may be cut', async () => {
    // One process for each cut, all at once; printf does not buffer between two calls.
    const cuts = Array.from({ length: event.length + 1 }, (_, at) => at);
    const heard = cuts.map((cut) => {
      const lines: string[] = [];
      let ended = false;
      const script = `printf '%s' "$1"; printf '%s\\n%s\\n' "$2" "$1$2"`;
      const tool = new ToolProcess(['sh', '-c', script, 'sh', event.slice(0, cut), event.slice(cut)]);
      tool.start({ line: (text) => lines.push(text), ended: () => (ended = true) });
      return { lines, ended: () => ended };
    });
    await until(() => heard.every(({ ended }) => ended()));
    for (const { lines } of heard) expect(lines).toEqual([event, event]);
  });
});

it('what was left without an end is a line of its own, and spoils none that comes later', async () => {
  const lines: string[] = [];
  const tool = new ToolProcess(['sh', '-c', `printf noise; sleep 0.3; echo '${EVENTS.v1}'; exec sleep 60`]);
  tool.start({ line: (text) => lines.push(text), ended: () => undefined });
  await until(() => lines.length === 2);
  expect(lines).toEqual(['noise', EVENTS.v1]);
  await tool.end();
});

it('what has no end is cut, so that nothing grows', async () => {
  const lines: string[] = [];
  const tool = new ToolProcess(['sh', '-c', 'head -c 5000000 /dev/zero | tr "\\0" x; exec sleep 60']);
  tool.start({ line: (text) => lines.push(text), ended: () => undefined });
  await until(() => lines.length > 10);
  expect(Math.max(...lines.map((text) => text.length))).toBeLessThanOrEqual(256);
  await tool.end();
});

it('banner, values and who holds a line', () => {
  expect(isBanner("Monitoring lines '27', '22'...")).toBe(true);
  expect(isBanner("Setting line '12'...")).toBe(true);
  expect(isBanner('Monitoring nothing')).toBe(false);
  expect(parseValues('1 0 1\n', 3)).toEqual([true, false, true]);
  for (const text of ['1 0\n', '1 0 2\n', '"27"=active "22"=inactive "5"=active\n', '']) {
    expect(parseValues(text, 3)).toBeNull();
  }
  const rows = [
    'gpiochip0 - 54 lines:',
    '\tline   4:      unnamed       unused   input  active-high ',
    '\tline  17:     "GPIO17"    "gpiomon"   input  active-high [used pull-up]',
    '\tline  18:    "gpiomon"   "w1_gpio"   input  active-high [used]',
    '\tline  27:      unnamed    "gpiomon"   input  active-high [used]',
  ];
  expect(linesOfGpiomon(rows.join('\n'))).toEqual([17, 27]);
});

describe('the time of an edge on our clock', () => {
  it('is nearer to the edge the more edges have come, and never later than now', () => {
    const clock = new EventClock();
    expect(clock.seenMs(1_000, 501_040)).toBe(501_040);
    expect(clock.seenMs(2_000, 502_005)).toBe(502_005);
    // This one waited 300 ms in a busy program.
    expect(clock.seenMs(3_000, 503_305)).toBe(503_005);
  });

  it('is now where the kernel stamps with a clock that is set back or forward', () => {
    const clock = new EventClock();
    clock.seenMs(1_000_000, 5_000);
    expect(clock.seenMs(900_000, 6_000)).toBe(6_000);
    expect(clock.seenMs(2_000_000, 7_000)).toBe(7_000);
  });
});
