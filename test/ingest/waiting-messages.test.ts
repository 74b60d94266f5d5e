import { describe, expect, it } from 'vitest';
import { WaitingMessages } from '../../gateway/ingest/waiting-messages.js';

const LIMITS = { totalBytes: 1_000_000, terminalBytes: 50_000 };
const GROUP = { messages: 10, bytes: 20_000 };

describe('messages that wait for their transaction', () => {
  it('stay in order for each terminal, and terminals with backlogs take turns', () => {
    const waiting = new WaitingMessages<string>(LIMITS);
    for (let n = 0; n < 3; n += 1) for (const name of ['a', 'b', 'c']) waiting.push(name, `${name}${n}`, 3_000);
    const groups: string[][] = [];
    while (waiting.total > 0) groups.push(waiting.take({ messages: 3, bytes: 20_000 }));
    expect(groups.map((group) => group.map((one) => one[0]).sort())).toEqual(Array(3).fill(['a', 'b', 'c']));
    expect(groups.flat().filter((one) => one.startsWith('b'))).toEqual(['b0', 'b1', 'b2']);
  });

  it('a terminal at work passes the backlogs of three hundred others', () => {
    const waiting = new WaitingMessages<string>(LIMITS);
    for (let turn = 0; turn < 4; turn += 1)
      for (let n = 0; n < 80; n += 1) waiting.push(`t${n}`, `backlog of t${n}`, 2_500);
    for (let group = 0; group < 3; group += 1) waiting.take(GROUP);
    waiting.push('online', 'press', 300);
    expect(waiting.take(GROUP)).toContain('press');
  });

  it('who was given more waits longer: a backlog does not starve who sends short messages all the time', () => {
    const waiting = new WaitingMessages<string>(LIMITS);
    const given = { long: 0, short: 0 };
    for (let turn = 0; turn < 200; turn += 1) {
      waiting.push('long', 'long', 10_000);
      for (let n = 0; n < 8; n += 1) waiting.push('short', 'short', 1_000);
      for (const one of waiting.take({ messages: 4, bytes: 12_000 })) given[one as 'long' | 'short'] += 1;
    }
    const bytes = { long: given.long * 10_200, short: given.short * 1_200 };
    expect(bytes.long / bytes.short).toBeGreaterThan(0.7);
    expect(bytes.long / bytes.short).toBeLessThan(1.4);
  });

  it('silence saves up no turns', () => {
    const waiting = new WaitingMessages<string>(LIMITS);
    for (let n = 0; n < 4; n += 1) waiting.push('busy', 'busy', 10_000);
    for (let n = 0; n < 3; n += 1) waiting.take({ messages: 1, bytes: 1 });
    for (let n = 0; n < 4; n += 1) waiting.push('silent', 'silent', 10_000);
    // Not all four of the silent one before the one that is left of the busy one.
    expect(waiting.take({ messages: 2, bytes: 100_000 })).toContain('busy');
  });

  it('a group ends at its messages or its bytes, but one message always goes', () => {
    const waiting = new WaitingMessages<string>(LIMITS);
    for (let n = 0; n < 20; n += 1) waiting.push(`t${n}`, 'small', 100);
    expect(waiting.take(GROUP)).toHaveLength(GROUP.messages);
    waiting.clear();
    for (let n = 0; n < 5; n += 1) waiting.push(`t${n}`, 'large', 9_000);
    expect(waiting.take(GROUP)).toHaveLength(2);
    waiting.clear();
    waiting.push('t1', 'huge', 40_000);
    expect(waiting.take(GROUP)).toEqual(['huge']);
  });

  it('what waits is bounded, for one terminal and in all; what was taken makes room', () => {
    const waiting = new WaitingMessages<number>(LIMITS);
    let taken = 0;
    while (waiting.push('flood', taken, 1_000)) taken += 1;
    expect(taken).toBe(Math.floor(LIMITS.terminalBytes / 1_200));
    expect(waiting.push('other', 0, 1_000)).toBe(true);
    for (let n = 0; n < 2_000; n += 1) waiting.push(`t${n}`, n, 1_000);
    expect(waiting.total).toBe(Math.floor(LIMITS.totalBytes / 1_200));
    expect(waiting.push('late', 0, 1_000)).toBe(false);
    waiting.take({ messages: 1, bytes: 1 });
    expect(waiting.push('late', 0, 1_000)).toBe(true);
  });
});
