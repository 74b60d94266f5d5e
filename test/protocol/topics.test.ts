import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DOWN_CHANNELS, hallFilter, nameSchema, parseTopic, topicOf, UP_CHANNELS } from '../../protocol/index.js';

const channel = fc.constantFrom(...UP_CHANNELS, ...DOWN_CHANNELS);
const name = fc.stringMatching(/^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/);

test('a topic is what it always was', () => {
  expect(topicOf('hall-1', 'window-07', 'log')).toBe('pjq/v1/hall-1/window-07/log');
  expect(hallFilter('hall-1', 'state')).toBe('pjq/v1/hall-1/+/state');
});

test('the parts of a topic are those that it was made of', () => {
  fc.assert(
    fc.property(name, name, channel, (hall, terminal, one) => {
      expect(parseTopic(topicOf(hall, terminal, one))).toEqual({ hall, terminal, channel: one });
    }),
  );
});

test('any other text is no topic of ours', () => {
  const near = [
    '',
    'pjq/v1/h/t',
    'pjq/v1/h/t/log/more',
    '/pjq/v1/h/t/log',
    'pjq/v1/h/t/log/',
    'pjq/v2/h/t/log',
    'PJQ/v1/h/t/log',
    'pjq/v1/h/t/Log',
    'pjq/v1/h/t/unknown',
    'pjq/v1/h/t/toString',
    'pjq/v1/h/+/log',
    'pjq/v1/#',
    'pjq/v1//t/log',
    'pjq/v1/h//log',
    'pjq/v1/H/t/log',
    'pjq/v1/-h/t/log',
    'pjq/v1/h-/t/log',
    'pjq/v1/h/@gw/log',
    'pjq/v1/h/t\n/log',
    `pjq/v1/${'h'.repeat(33)}/t/log`,
    '$SYS/broker/uptime',
  ];
  expect(near.filter((topic) => parseTopic(topic) !== null)).toEqual([]);
  const segment = fc.oneof(fc.string({ maxLength: 6 }), fc.constantFrom('pjq', 'v1', 'h', 't', 'log', '+', '#'));
  fc.assert(
    fc.property(
      fc.array(segment, { maxLength: 7 }).map((parts) => parts.join('/')),
      (topic) => {
        const parts = parseTopic(topic);
        if (parts !== null) expect(topicOf(parts.hall, parts.terminal, parts.channel)).toBe(topic);
      },
    ),
    { numRuns: 1_000 },
  );
});

test('names are 1 to 32 lower-case letters, digits and inner hyphens', () => {
  for (const good of ['a', '0', 'hall-1', 'a'.repeat(32), 'a--b'])
    expect(nameSchema.safeParse(good).success, good).toBe(true);
  for (const bad of ['', '-a', 'a-', 'A', 'a_b', 'a b', '厅', 'a'.repeat(33), 'a\n'])
    expect(nameSchema.safeParse(bad).success, bad).toBe(false);
});
