import { setTimeout as wait } from 'node:timers/promises';
import type { z } from 'zod';
import type { misbehaviourSchema } from '../../../simulator/centre/misbehaviour.js';
import type { FaultClass, FaultRun } from '../fault-class.js';
import { SmallHall } from '../hall/small-hall.js';

type Misbehaviour = z.input<typeof misbehaviourSchema>;
type Faulty = Exclude<Misbehaviour, { mode: 'none' }>;

const TERMINALS = 2;
/** The gateway of a small hall waits 500 ms for an answer. */
const TOO_LATE_MS = 700;
const LATE_MS = 150;

const GARBAGE: readonly Pick<Extract<Faulty, { mode: 'garbage' }>, 'status' | 'body'>[] = [
  { status: 200, body: '<html><body>Welcome</body></html>' },
  { status: 200, body: '' },
  { status: 201, body: '{"outcome":"accepted"' },
  { status: 200, body: '{"outcome":"already"}' },
  { status: 302, body: 'moved' },
  { status: 503, body: '{"outcome":"accepted"}' },
];

/** Each by its name, and how it is made: a centre that has taken the rating, or has not, and does not say so. */
const KINDS: Readonly<Record<string, (random: () => number) => Faulty>> = {
  'takes it and never answers': () => ({ mode: 'accept-then-timeout' }),
  'takes it and closes in mid-answer': () => ({ mode: 'cut-answer' }),
  'closes in mid-answer': () => ({ mode: 'cut-answer', taken: false }),
  'takes it and answers too late': () => ({ mode: 'slow', delayMs: TOO_LATE_MS }),
  'answers late': () => ({ mode: 'slow', delayMs: LATE_MS }),
  'answers byte by byte, in time': () => ({ mode: 'drip', gapMs: 2 }),
  'answers byte by byte, too late': () => ({ mode: 'drip', gapMs: 50 }),
  '500': () => ({ mode: 'down-500' }),
  '429 with seconds': () => ({ mode: '429', retryAfter: '1' }),
  '429 with a date': () => ({ mode: '429', retryAfter: new Date(Date.now() + 2_000).toUTCString() }),
  '429 with nonsense': () => ({ mode: '429', retryAfter: 'soon' }),
  'says yes to another rating': () => ({
    mode: 'garbage',
    status: 201,
    body: '{"outcome":"accepted","ratingId":"AAAAAAAAAAA"}',
  }),
  garbage: (random) => ({ mode: 'garbage', ...GARBAGE[Math.floor(random() * GARBAGE.length)] }),
};

export const centreMisbehaves: FaultClass = {
  name: 'centre-misbehaves',
  title:
    'the centre takes a rating and does not say so, answers 500, 429 with Retry-After, garbage, slowly, or cut off',
  permitted: 'nothing-lost',
  outcome:
    'nothing lost or doubled at the centre; a rating does not come again before the time that the centre asked for',
  run: ({ random, faults, root, folder }) => {
    const deck: string[] = [];
    return misbehaving({ random, faults, root, folder }, async (hall) => {
      // Every kind once before one comes again.
      if (deck.length === 0) deck.push(...Object.keys(KINDS));
      const [name] = deck.splice(Math.floor(random() * deck.length), 1);
      const misbehaviour = KINDS[name ?? '']?.(random);
      if (name === undefined || misbehaviour === undefined) throw new Error('no kind of fault');
      await hall.misbehave({ ...misbehaviour, times: 1 });
      return name;
    });
  },
};

/** One answer after the other goes wrong while ratings arrive. */
export async function misbehaving(
  { random, faults, root, folder }: Pick<FaultRun, 'random' | 'faults' | 'root' | 'folder'>,
  set: (hall: SmallHall) => Promise<string>,
): Promise<Awaited<ReturnType<FaultClass['run']>>> {
  const hall = await SmallHall.start({ folder, root, terminals: TERMINALS });
  const injected: Record<string, number> = {};
  try {
    for (let fault = 1; fault <= faults; fault += 1) {
      const kind = await set(hall);
      injected[kind] = (injected[kind] ?? 0) + 1;
      // The fault falls on this rating, or on one that is tried again.
      hall.rate(hall.cards[fault % TERMINALS] ?? hall.card('t1', 't1'), random);
      await hall.misbehaved();
      await wait(random() * 10);
    }
    const arrived = await hall.settled();
    const outcomes = { ...hall.watched.outcomes };
    const findings = await hall.audit();
    const late = arrived ? [] : ['not everything has arrived in time'];
    return {
      injected,
      findings: {
        ...findings,
        wrong: [...findings.wrong, ...hall.watched.early],
        unexplained: [...findings.unexplained, ...late],
      },
      notes: [`what tries came to: ${JSON.stringify(outcomes)}`],
    };
  } finally {
    await hall.stop();
  }
}
