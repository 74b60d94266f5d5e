import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MessageGate } from '../../hw/firmata/message-gate.js';

const pass = (bytes: number[]) => {
  const { messages, faults } = new MessageGate().push(Uint8Array.from(bytes));
  return { messages: messages.map((message) => [...message]), faults };
};

describe('the message gate', () => {
  it('passes port, analog and version messages and the answers that are waited for', () => {
    const stream = [
      [0x90, 0x7c, 0x00],
      [0xe0, 0x01, 0x02],
      [0xf9, 2, 5],
      [0xf0, 0x79, 2, 5, 0x53, 0, 0xf7],
      [0xf0, 0x6c, 0x7f, 0xf7],
      [0xf0, 0x6a, 0x7f, 0xf7],
    ];
    expect(pass(stream.flat())).toEqual({ messages: stream, faults: 0 });
  });

  it('passes the same however the bytes are cut', () => {
    const whole = [0xf9, 2, 5, 0xf0, 0x79, 2, 5, 0x53, 0, 0xf7, 0x91, 0x04, 0x01];
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 13 }), (cuts) => {
        const gate = new MessageGate();
        const messages: number[][] = [];
        let at = 0;
        for (const cut of cuts) {
          messages.push(
            ...gate.push(Uint8Array.from(whole.slice(at, at + cut))).messages.map((message) => [...message]),
          );
          at += cut;
        }
        expect(messages).toEqual(pass(whole).messages);
      }),
      { numRuns: 50 },
    );
  });

  it('drops a string of the board without calling it noise', () => {
    expect(pass([0xf0, 0x71, 0x41, 0, 0xf7, 0xf9, 2, 5])).toEqual({ messages: [[0xf9, 2, 5]], faults: 0 });
  });

  it.each([
    ['a data byte without a message', [0x12], 1],
    ['a message cut off by another', [0x90, 0x00, 0x90, 0x7c, 0x00], 1],
    ['an unknown status byte', [0xc3], 1],
    ['a firmware report that is too short', [0xf0, 0x79, 0xf7], 1],
    ['an empty sysex', [0xf0, 0xf7], 1],
    ['an end without a beginning', [0xf7], 1],
  ])('calls %s noise', (_, bytes, faults) => {
    expect(pass(bytes).faults).toBe(faults);
  });

  it('never keeps a sysex without end', () => {
    const gate = new MessageGate();
    gate.push(Uint8Array.of(0xf0, 0x79));
    expect(gate.push(new Uint8Array(5_000).fill(0x11)).faults).toBeGreaterThan(0);
    expect(gate.push(Uint8Array.of(0xf9, 2, 5)).messages.map((message) => [...message])).toEqual([[0xf9, 2, 5]]);
  });
});
