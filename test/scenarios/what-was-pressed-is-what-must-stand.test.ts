import { expect, test } from 'vitest';
import type { Level } from '../../protocol/index.js';
import { judgeLedger, PressBook, unmarkedAgain } from '../../simulator/scenario/press-book.js';

const row = (caseNo: string, satisfaction: Level, terminal = 't1') => ({ caseNo, satisfaction, terminal });

function book(...presses: [level: Level, seen: 'accepted' | 'refused' | 'unknown'][]) {
  const made = new PressBook();
  made.opened(1, 'A');
  for (const [level, seen] of presses) made.pressed(made.serviceAt(1), level, seen);
  return made.services;
}

test('the last press that was seen stands, once', () => {
  const services = book([5, 'accepted'], [2, 'accepted']);
  expect(judgeLedger(services, [row('A', 2)])).toEqual({ wrong: [], missing: [] });
  expect(judgeLedger(services, [row('A', 5)]).wrong).toEqual(['A is rated 5, the last press was 2']);
  expect(judgeLedger(services, [row('A', 2), row('A', 2)]).wrong).toEqual(['A stands at the centre 2 times']);
  expect(judgeLedger(services, [row('A', 2, 't2')]).wrong).toEqual(['A is rated at t2, pressed at t1']);
  expect(judgeLedger(services, [])).toEqual({
    wrong: [],
    missing: ['A was pressed 2, and the centre has no rating of it'],
  });
});

test('a press that nobody saw taken may stand or not', () => {
  for (const rows of [[], [row('A', 3)]]) {
    expect(judgeLedger(book([3, 'unknown']), rows)).toEqual({ wrong: [], missing: [] });
  }
  expect(judgeLedger(book([3, 'unknown']), [row('A', 4)]).wrong).toHaveLength(1);
  const after = book([5, 'accepted'], [1, 'unknown']);
  expect(judgeLedger(after, [row('A', 5)]).wrong).toEqual([]);
  expect(judgeLedger(after, [row('A', 1)]).wrong).toEqual([]);
  expect(judgeLedger(after, []).missing).toHaveLength(1);
  // What was unseen before one that was seen cannot be the last.
  expect(judgeLedger(book([1, 'unknown'], [5, 'accepted']), [row('A', 1)]).wrong).toHaveLength(1);
});

test('a rating that nobody pressed is told', () => {
  expect(judgeLedger(book(), [row('A', 5)]).wrong).toEqual(['A is rated 5, and nobody pressed']);
  expect(judgeLedger(book([5, 'refused']), [row('A', 5)]).wrong).toEqual(['A is rated 5, and nobody pressed']);
  expect(judgeLedger(book(), [row('B', 5)]).wrong).toEqual(['B is rated 5, and nobody opened it']);
  expect(judgeLedger(book([5, 'refused']), [])).toEqual({ wrong: [], missing: [] });
});

test('a press belongs to the newest service of its own counter', () => {
  const made = new PressBook();
  made.opened(1, 'A');
  made.opened(2, 'B');
  made.pressed(made.serviceAt(1), 4, 'accepted');
  made.opened(1, 'C');
  made.pressed(made.serviceAt(1), 1, 'accepted');
  expect(judgeLedger(made.services, [row('A', 4), row('C', 1)])).toEqual({ wrong: [], missing: [] });
  // Asked for at the gateway in vain, then opened at the window.
  made.opened(2, 'B');
  made.pressed(made.serviceAt(2), 3, 'accepted');
  expect(judgeLedger(made.services, [row('A', 4), row('C', 1), row('B', 3, 't2')])).toEqual({ wrong: [], missing: [] });
});

test('a second slip of a service must say 补打', () => {
  const services = book();
  const slip = (n: number, again: boolean, text = '办件 A') => ({ n, again, text });
  expect(unmarkedAgain(services, 1, [slip(1, false), slip(2, true), slip(3, true)])).toEqual([]);
  expect(unmarkedAgain(services, 1, [slip(1, false), slip(2, true), slip(3, false)])).toEqual([
    'slip 3 of terminal 1 is another one of A, without 补打',
  ]);
  // Where its line ends, a slip breaks a number.
  expect(
    unmarkedAgain([{ terminal: 1, caseNo: 'LONG-NUMBER', presses: [] }], 1, [
      slip(1, false, 'LONG-NU\nMBER'),
      slip(2, false, 'LONG-NUMB\nER'),
    ]),
  ).toHaveLength(1);
  expect(unmarkedAgain(services, 2, [slip(1, false), slip(2, false)])).toEqual([]);
  expect(unmarkedAgain(services, 1, [slip(1, false), slip(2, false, 'another case')])).toEqual([]);
});
