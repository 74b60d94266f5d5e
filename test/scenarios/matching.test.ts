import { expect, test } from 'vitest';
import { mismatches } from '../../simulator/scenario/matching.js';

const SEEN = {
  state: 'idle',
  backlog: 3,
  session: null,
  parts: { board: 'lost', printer: 'connected' },
  items: [
    { item: 'key-3', code: 'key-silent' },
    { item: 'sound', code: 'sound-failed' },
  ],
};

test.for([
  { state: 'idle' },
  { parts: { board: 'lost' } },
  { 'parts.board': 'lost', 'parts.printer': 'connected' },
  { session: null },
  { backlog: { atLeast: 3, atMost: 3 } },
  { state: { not: 'pressed' } },
  { state: { oneOf: ['paused', 'idle'] } },
  { items: { contains: { item: 'sound' } } },
  { 'items.0.code': 'key-silent' },
  { state: { contains: 'dl' } },
  { items: [{ item: 'key-3' }, {}] },
])('%o is seen', (expected) => expect(mismatches(SEEN, expected)).toEqual([]));

test.for([
  [{ state: 'pressed' }, [{ path: 'state', seen: 'idle', exists: true }]],
  [{ 'parts.board': 'connected' }, [{ path: 'parts.board', seen: 'lost', exists: true }]],
  [{ parts: { board: 'connected', printer: 'lost' } }, [{ path: 'parts.board' }, { path: 'parts.printer' }]],
  [{ session: { state: 'idle' } }, [{ path: 'session.state', exists: false }]],
  [{ backlog: { atLeast: 4 } }, [{ path: 'backlog', seen: 3, exists: true }]],
  [{ backlog: { atMost: 2 } }, [{ path: 'backlog' }]],
  [{ state: { not: 'idle' } }, [{ path: 'state' }]],
  [{ state: { oneOf: [] } }, [{ path: 'state' }]],
  [{ items: { contains: { item: 'sound', code: 'key-silent' } } }, [{ path: 'items' }]],
  [{ items: [{}] }, [{ path: 'items' }]],
  // A field that is not there is not even different.
  [{ roof: { not: 'flat' } }, [{ path: 'roof', exists: false }]],
  [{ roof: 'flat' }, [{ path: 'roof', exists: false }]],
] as const)('%o is not', ([expected, missed]) => {
  expect(mismatches(SEEN, expected)).toMatchObject(missed);
});
