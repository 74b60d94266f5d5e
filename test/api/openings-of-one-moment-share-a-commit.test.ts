import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { TerminalCommands } from '../../gateway/commands/terminal-commands.js';
import type { OpenRequest } from '../../gateway/core/open-request.js';
import { ServiceDesk } from '../../gateway/services/service-desk.js';
import { DATABASE_FILE } from '../../gateway/store/store.js';
import { isPjqError, PjqError, type Command } from '../../protocol/index.js';
import { generateLogKey, nodeRandomness } from '../../protocol/runtime/node-suite.js';
import { HallLog } from '../ingest/hall-log.js';
import { commitsOf } from '../support/commits.js';
import { POLICY } from './hall-edge.js';

const TOTAL = 24;
const CASES = Array.from({ length: TOTAL }, (_, n) => `case-${n}`);

class Openings {
  readonly hall: HallLog;
  readonly sent: Command[] = [];
  /** How many commits there were when the first and when the last terminal was asked. */
  readonly commitsAtAsking: number[] = [];
  readonly #desk: ServiceDesk;
  #letAnswer: () => void = () => undefined;
  /** Terminals answer when all of them have been asked. */
  readonly #asked = new Promise<void>((resolve) => {
    this.#letAnswer = resolve;
  });
  readonly #expected: number;

  private constructor(hall: HallLog, expected: number) {
    this.hall = hall;
    this.#expected = expected;
    const commands: TerminalCommands = {
      send: async (_terminal, command) => {
        this.sent.push(command);
        this.commitsAtAsking.push(this.commits());
        if (this.sent.length === this.#expected) this.#letAnswer();
        await this.#asked;
        return { v: 1, id: command.id, ok: true };
      },
    };
    const { store, clock } = hall;
    this.#desk = new ServiceDesk({ store, commands, policy: POLICY, clock, randomness: nodeRandomness, hall: 'demo' });
  }

  /** @param expected how many of the requests reach their terminals. */
  static async open(expected: number): Promise<Openings> {
    const hall = await HallLog.open();
    await hall.registry.addTerminal('t1', 'A12', generateLogKey().publicKey);
    return new Openings(hall, expected);
  }

  commits(): number {
    return commitsOf(join(this.hall.folder, DATABASE_FILE));
  }

  /** @returns status and code or service, as it is answered; a refusal that is not kept as its code alone. */
  async ask(asked: Partial<OpenRequest> & { readonly caseNo: string }, key: string = asked.caseNo): Promise<string> {
    const request: OpenRequest = { stage: 'completion', terminal: 't1', ...asked };
    const wording = {
      opened: ({ serviceId }: { readonly serviceId: string }) => ({ status: 201, body: serviceId }),
      refused: (error: unknown) => (isPjqError(error) ? { status: error.status, body: error.code } : null),
    };
    const requestHash = JSON.stringify(request);
    try {
      const { answer, isReplayed } = await this.#desk.open({ request, key, requestHash, wording });
      return `${answer.status} ${answer.body}${isReplayed ? ' again' : ''}`;
    } catch (error) {
      if (error instanceof PjqError) return error.code;
      return (error as Error).message;
    }
  }
}

test('two dozen openings of one moment are two commits: before their terminals are asked, and before they are answered', async () => {
  const openings = await Openings.open(TOTAL);
  const before = openings.commits();
  const answers = await Promise.all(CASES.map((caseNo) => openings.ask({ caseNo, serviceId: caseNo })));
  expect(answers).toEqual(CASES.map((caseNo) => `201 ${caseNo}`));
  expect(new Set(openings.commitsAtAsking)).toEqual(new Set([before + 1]));
  expect(openings.commits()).toBe(before + 2);
  const { hall } = openings;
  expect(hall.ownBodies('service.requested').map(({ serviceId }) => serviceId)).toEqual(CASES);
  expect(hall.rows('SELECT count(*) total FROM service WHERE state = ?', 'open')).toEqual([{ total: TOTAL }]);
  expect(hall.rows('SELECT count(*) total FROM idempotency WHERE status = 201')).toEqual([{ total: TOTAL }]);
  expect(await openings.ask({ caseNo: 'case-7', serviceId: 'case-7' })).toBe('201 case-7 again');
});

test('one that is refused is refused alone, and its refusal is kept with the others', async () => {
  const openings = await Openings.open(3);
  const before = openings.commits();
  const ask = () =>
    Promise.all([
      openings.ask({ caseNo: '1', serviceId: 's-1' }),
      openings.ask({ caseNo: '2', terminal: 't9' }),
      openings.ask({ caseNo: '3', serviceId: 's-3' }),
      openings.ask({ caseNo: '4', serviceId: 's-1' }),
      openings.ask({ caseNo: '5', serviceId: 's-5' }),
    ]);
  const first = ['201 s-1', '404 terminal-unknown', '201 s-3', '409 service-exists', '201 s-5'];
  expect(await ask()).toEqual(first);
  expect(openings.commits()).toBe(before + 2);
  expect(await ask()).toEqual(first.map((answer) => `${answer} again`));
  expect(openings.hall.ownBodies('service.requested')).toHaveLength(3);
});

test('one that the database refuses takes none of the others with it', async () => {
  const openings = await Openings.open(3);
  openings.hall.run(`CREATE TRIGGER poison BEFORE INSERT ON service WHEN NEW."caseNo" = 'bad'
    BEGIN SELECT RAISE(ABORT, 'poison'); END`);
  const answers = await Promise.all(
    ['1', '2', 'bad', '3'].map((caseNo) => openings.ask({ caseNo, serviceId: `s-${caseNo}` })),
  );
  expect(answers).toEqual(['201 s-1', '201 s-2', 'poison', '201 s-3']);
  const { hall } = openings;
  expect(hall.ownBodies('service.requested').map(({ serviceId }) => serviceId)).toEqual(['s-1', 's-2', 's-3']);
  // Nothing of it stands, its key neither.
  expect(hall.rows('SELECT key FROM idempotency ORDER BY key')).toEqual(['1', '2', '3'].map((key) => ({ key })));
});

test('of one moment, too: a key stands for one request, a service is recorded once, a case is followed up once', async () => {
  const openings = await Openings.open(5);
  const followUp = { caseNo: '9', followsUp: 'first' };
  const answers = await Promise.all([
    openings.ask({ caseNo: '9', serviceId: 'first' }, 'first'),
    openings.ask({ caseNo: '1', serviceId: 's-1' }, 'a'),
    openings.ask({ caseNo: '1', serviceId: 's-1' }, 'a'),
    openings.ask({ caseNo: '2', serviceId: 's-2' }, 'a'),
    openings.ask({ caseNo: '1', serviceId: 's-1' }, 'b'),
    openings.ask({ caseNo: '3', serviceId: 's-3' }, 'c'),
    openings.ask({ ...followUp, serviceId: 'second' }, 'd'),
    openings.ask({ ...followUp, serviceId: 'third' }, 'e'),
  ]);
  expect(answers).toEqual([
    '201 first',
    '201 s-1',
    'idempotency-in-progress',
    'idempotency-key-reused',
    '201 s-1',
    '201 s-3',
    '201 second',
    '409 follow-up-exists',
  ]);
  const { hall, sent } = openings;
  const recorded = hall.ownBodies('service.requested').map(({ serviceId }) => serviceId);
  expect(recorded).toEqual(['first', 's-1', 's-3', 'second']);
  expect(new Set(sent.map(({ id }) => id)).size).toBe(4);
});
