/** A hall that writes to people: the real store, an evaluator's row for each service, and a carrier that remembers. */
import { OptOuts } from '../../gateway/reminders/opt-out.js';
import { Reminders, type RemindersParts } from '../../gateway/reminders/reminders.js';
import type { SmsMessage, SmsOutcome, SmsSender } from '../../gateway/reminders/sms-port.js';
import type { Policy } from '../../protocol/index.js';
import { createHmac } from 'node:crypto';
import { pino } from 'pino';
import { comparablePhone } from '../../gateway/core/evaluator.js';
import { DaysHall, MONDAY_MS } from '../days/days-hall.js';
import { POLICY } from '../api/hall-edge.js';
import { OWN_SOURCE } from '../ingest/hall-log.js';
import type { TerminalChain } from '../ingest/terminal-chain.js';

export const PHONE = '13812345678';

/** Does what it is told, and knows everything that was asked of it. */
export class Carrier implements SmsSender {
  readonly asked: SmsMessage[] = [];
  /** What is answered next, the last for ever; an error is thrown. */
  answers: (SmsOutcome | Error)[] = [{ kind: 'sent' }];

  send(message: SmsMessage): Promise<SmsOutcome> {
    this.asked.push(message);
    const answer = this.answers.length > 1 ? this.answers.shift() : this.answers[0];
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer ?? { kind: 'sent' });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  get said(): string[] {
    return this.asked.map(({ purpose, parameters: { date } }) => `${purpose} ${date}`);
  }
}

export class ReminderHall {
  readonly carrier = new Carrier();
  readonly phones = new Map<string, string | null>();
  readonly logLines: string[] = [];
  readonly hall: DaysHall;
  readonly chain: TerminalChain;
  readonly optOuts: OptOuts;
  readonly reminders: Reminders;

  private constructor(hall: DaysHall, chain: TerminalChain) {
    this.hall = hall;
    this.chain = chain;
    const { store, clock } = hall.log;
    const digestOf = (phone: string) =>
      createHmac('sha256', 'a-secret-of-the-hall').update(comparablePhone(phone)).digest('base64url');
    this.optOuts = new OptOuts({ db: store.db, clock, digestOf });
    this.reminders = this.newReminders();
  }

  static async open(reminders: Partial<Policy['reminders']> = {}, startMs = MONDAY_MS): Promise<ReminderHall> {
    const policy = { reminders: { ...POLICY.reminders, enabled: true, ...reminders } };
    const hall = await DaysHall.open(policy, startMs);
    return new ReminderHall(hall, await hall.terminal('t1'));
  }

  /** As a program that starts has them: nothing in memory. */
  newReminders(changes: Partial<RemindersParts> = {}): Reminders {
    const { store, clock } = this.hall.log;
    const parts: RemindersParts = {
      hall: 'demo',
      ownSource: OWN_SOURCE,
      store,
      clock,
      policy: this.hall.policy,
      sender: this.carrier,
      optOuts: this.optOuts,
      templates: { invitation: 'T-1', reminder: 'T-2' },
      phoneOf: (serviceId) => Promise.resolve(this.phones.get(serviceId) ?? null),
      linkFor: (serviceId) => Promise.resolve(`https://hall.example/r/${serviceId.length}`),
      retry: { initialMs: 60_000, factor: 2, capMs: 3_600_000, jitter: 0 },
      uniform: () => 0,
      logger: pino({ messageKey: 'event' }, { write: (line: string) => void this.logLines.push(line) }),
      ...changes,
    };
    return new Reminders(parts, { restMs: 0 });
  }

  /** A service with somebody who may be written to; its session ended unrated. */
  async served(
    serviceId: string,
    {
      phone = PHONE,
      basis = 'consent',
      covered = true,
    }: { phone?: string | null; basis?: string | null; covered?: boolean } = {},
  ): Promise<void> {
    this.chain.opened(serviceId);
    if (covered) this.chain.append('unrated', { serviceId, cause: 'time-over' });
    await this.hall.sendAll(this.chain);
    await this.knows(serviceId, phone, basis);
  }

  async knows(serviceId: string, phone: string | null, basis: string | null = 'consent'): Promise<void> {
    this.phones.set(serviceId, phone);
    await this.hall.log.store.db
      .insertInto('evaluator')
      .values({
        serviceId,
        suite: 'test',
        wrapKeyId: 'k',
        dataKeyId: null,
        sealed: null,
        contactBasis: basis,
        sealedAt: this.hall.log.clock.wallMs(),
        erasedAt: null,
      })
      .execute();
  }

  /** Hours go by, and it looks at the end of each quarter of one. */
  async live(hours: number, reminders = this.reminders): Promise<void> {
    for (let quarter = 0; quarter < hours * 4; quarter += 1) {
      this.hall.pass(900_000);
      await reminders.look();
    }
  }

  /** The rows of messages, and the entries about them. */
  book(): { rows: unknown[]; entries: Record<string, unknown>[] } {
    const { log } = this.hall;
    return {
      rows: log.rows('SELECT serviceId, purpose, outcome, code FROM reminder ORDER BY serviceId, purpose'),
      entries: log.ownBodies('reminder.sent'),
    };
  }
}
